"""Where the supervisor of one local folder keeps its files: by these names, in that folder."""

import os
from pathlib import Path

from app.embedded import layout

CONFIG = "supervisord.conf"
LOCK = "supervisord.lock"  # held exclusively by the supervisor, whose pid it says
PROCESSES_LOCK = "processes.lock"  # shared by all that the supervisor started
SCALE, SCALE_INCOMING, SCALE_LOCK = "scale.json", "scale.json.incoming", "scale.lock"
CONTROL = "supervisord.sock"
BINDING = ".4194304"  # supervisord binds the name with its pid behind it, then links; this is the largest pid


def control_folder(local_dir: Path) -> Path:
    """Return the 0700 folder of the control socket: in the local folder if that leaves its name short enough."""
    folder = local_dir / "control"
    fits = len(os.fsencode(folder / (CONTROL + BINDING))) <= layout.SOCKET_PATH_BYTES
    return folder if fits else _short_folder(local_dir)


def control_socket(local_dir: Path) -> Path:
    return control_folder(local_dir) / CONTROL


def has_stack(local_dir: Path) -> bool:
    """Tell whether this folder has ever had a stack, which left its configuration."""
    return (local_dir / CONFIG).is_file()


def leftovers(local_dir: Path) -> list[Path]:
    """Return all that a stack may have left; the configuration last, for it shows that there was one."""
    locks = (LOCK, PROCESSES_LOCK, SCALE_LOCK, "demo.lock", "backup.lock", "restore.lock")
    names = ("control", "logs", "jwt_secret", "jwt_secret.incoming", SCALE, SCALE_INCOMING, *locks, CONFIG)
    inside = [local_dir / name for name in names]
    return [*layout.data_folders(local_dir), _short_folder(local_dir), *inside]


def _short_folder(local_dir: Path) -> Path:
    return layout.short_folder(f"control-{os.geteuid()}", local_dir)
