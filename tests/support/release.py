"""The last release, whose processes are replaced by those of this code one by one."""

import contextlib
import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.support.servers import REPOSITORY

COMMIT: Final = "a890a388df7f7ce071741db49d35ce57d4ea91bb"  # 1.0.0
REVISION: Final = "0024"  # of its schema


class NoRelease(Exception):
    """The history of this repository is not here, as in a shallow clone or an archive."""


@contextlib.contextmanager
def unpacked() -> Iterator[Path]:
    """Give a folder with the code of the release, to be PYTHONPATH of its processes.

    Raises:
        NoRelease: git, or the commit, is not here.
    """
    wanted = ["git", "archive", COMMIT, "app", "worker", "migrations", "pyproject.toml"]
    try:
        archive = subprocess.run(wanted, cwd=REPOSITORY, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise NoRelease(f"git has no commit {COMMIT[:7]} here: {error}") from error
    with tempfile.TemporaryDirectory(prefix="bulkhead-release-") as name:
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(name, filter="data")
        Path(name).chmod(0o755)
        yield Path(name)
