"""The demo's own place: a folder, a port and settings that no environment and no `.env` has a say in."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.cli import environment, ports
from app.cli.environment import Environ, Local
from app.cli.errors import CliError
from app.cli.local import locks, places, removal
from app.settings import Settings

HOST = "127.0.0.1"
CHUNK_SIZE = 25  # at the default all is done before the bar has moved twice


@contextmanager
def emptied(environ: Environ) -> Iterator[Path]:
    """The demo's folder without what the last one left; `CliError` while another demo runs there."""
    outer = environment.local_dir(environ)
    outer.mkdir(parents=True, exist_ok=True)
    folder = outer / removal.DEMO
    with locks.alone(outer / "demo.lock") as lock:
        if lock is None:
            raise CliError(f"another demo runs in {folder} at this moment")
        if places.config(folder).is_file():
            removal.remove(folder)
        yield folder


def local(environ: Environ, folder: Path) -> Local:
    unset = [name.upper() for name in Settings.__struct_fields__]
    unset += [name for names in environment.NAMED_BY.values() for name in names]
    own = {
        "HOST": HOST,
        "PORT": str(ports.any_free(HOST)),
        "LOCAL_DIR": str(folder),
        "CHUNK_SIZE": str(CHUNK_SIZE),
        "SEED_PASSWORD": secrets.token_urlsafe(),
    }
    return environment.for_local(environ | dict.fromkeys(unset, "") | own)
