import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.embedded import layout
from tests.support.embedded import Running, running


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def local_dir() -> Iterator[Path]:
    with made() as folder:
        yield folder


@pytest.fixture(scope="session")
def used_dir() -> Iterator[Path]:
    """One that has been served from before, which saves an initdb; no test leaves a server in it."""
    with made() as folder:
        with running(folder, fsync=False):
            pass
        yield folder


@pytest.fixture(scope="module")
def served_dir() -> Iterator[Path]:
    with made() as folder:
        yield folder


@pytest.fixture(scope="module")
def servers(served_dir: Path) -> Iterator[Running]:
    with running(served_dir, fsync=False) as both:
        yield both


@contextmanager
def made() -> Iterator[Path]:
    """A local folder that any user may enter, unlike tmp_path."""
    outside = Path(tempfile.mkdtemp(prefix="embedded-"))
    outside.chmod(0o755)
    folder = outside / "local"
    folder.mkdir()
    folder.chmod(0o755)
    left = [*layout.data_folders(folder), outside]
    yield folder
    for path in left:
        shutil.rmtree(path, ignore_errors=True)
