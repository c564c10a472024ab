"""Where the supervisor of one local folder keeps its things."""

import hashlib
import os
from pathlib import Path

from app.embedded import layout

CONTROL = "supervisord.sock"
BINDING = ".4194304"  # supervisord binds the name with its pid behind it, then links; this is the largest pid


def config(local_dir: Path) -> Path:
    return local_dir / "supervisord.conf"


def lock(local_dir: Path) -> Path:
    return local_dir / "supervisord.lock"


def held_by_processes(local_dir: Path) -> Path:
    return local_dir / "processes.lock"


def log(local_dir: Path, process: str) -> Path:
    return layout.log_file(local_dir, process)


def control_folder(local_dir: Path) -> Path:
    """The 0700 folder of the control socket: in the local folder if that leaves its name short enough."""
    folder = local_dir / "control"
    fits = len(os.fsencode(folder / (CONTROL + BINDING))) <= layout.SOCKET_PATH_BYTES
    return folder if fits else _short_folder(local_dir)


def control_socket(local_dir: Path) -> Path:
    return control_folder(local_dir) / CONTROL


def leftovers(local_dir: Path) -> list[Path]:
    """Everything that a stack may have left; the configuration last, for it shows that there was one."""
    names = ("control", "logs", "jwt_secret", "jwt_secret.incoming", "supervisord.lock", "processes.lock", "demo.lock")
    return [
        *layout.data_folders(local_dir),
        *(local_dir / name for name in names),
        _short_folder(local_dir),
        config(local_dir),
    ]


def _short_folder(local_dir: Path) -> Path:
    digest = hashlib.sha256(os.fsencode(local_dir)).hexdigest()[:12]
    return Path("/tmp", f"bulkhead-control-{os.geteuid()}-{digest}")  # noqa: S108 - folders.own checks it
