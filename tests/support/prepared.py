"""A folder with servers' data that is made once a process and copied after: initdb and migrations take a second."""

import functools
import shutil
import subprocess
import tempfile
from atexit import register
from pathlib import Path

from app.embedded import layout
from tests.support import embedded
from tests.support.servers import migrate


def copy_to(local_dir: Path) -> None:
    """Give an empty folder, which the servers' user can enter, a migrated database that was shut down cleanly."""
    subprocess.run(["/bin/cp", "-a", f"{_prepared()}/.", local_dir], check=True)


@functools.cache
def _prepared() -> Path:
    outside = Path(tempfile.mkdtemp(prefix="bulkhead-prepared-"))
    register(shutil.rmtree, outside)
    outside.chmod(0o755)
    local_dir = outside / "local"
    with embedded.running(local_dir, fsync=False):
        migrate(layout.database_url(local_dir))
    return local_dir
