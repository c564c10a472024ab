"""A backup is one tar file: the dump as pg_dump wrote it, the manifest, and SHA-256 sums of both.

Whatever reads tar files can take it apart, and `sha256sum -c SHA256SUMS` checks it then. The dump comes first, for its
size is known only when it is written; so a file that was cut off has no manifest.
"""

import hashlib
import io
import os
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, NamedTuple

from app.cli.backups import manifest as manifests
from app.cli.backups.manifest import Manifest
from app.cli.errors import CliError

DUMP: Final = "dump.pgdump"
MANIFEST: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"
MAX_TEXT: Final = 1024 * 1024  # bytes of a manifest, and of the sums
PIECE: Final = 1024 * 1024


class Backup(NamedTuple):
    """A backup whose parts are there, and whose manifest is as it was written."""

    file: Path
    manifest: Manifest
    dump_offset: int
    dump_bytes: int
    dump_sum: str

    @contextmanager
    def dump(self) -> Iterator[IO[bytes]]:
        """Give the file, to be read from where the dump begins; what reads it must know itself where that ends."""
        with self.file.open("rb", buffering=0) as file:
            file.seek(self.dump_offset)
            yield file


def write_dump(file: IO[bytes], pieces: Iterable[bytes]) -> str:
    """Write the first part into an empty file as it comes in; return its sum."""
    file.write(bytes(tarfile.BLOCKSIZE))
    summed, size = hashlib.sha256(), 0
    for piece in pieces:
        file.write(piece)
        summed.update(piece)
        size += len(piece)
    file.write(bytes(-size % tarfile.BLOCKSIZE))
    file.seek(0)
    file.write(_header(DUMP, size))
    file.seek(0, os.SEEK_END)
    return summed.hexdigest()


def write_rest(file: IO[bytes], manifest: Manifest, dump_sum: str) -> None:
    """Write the other parts and the end."""
    text = manifests.encode(manifest)
    sums = f"{dump_sum}  {DUMP}\n{hashlib.sha256(text).hexdigest()}  {MANIFEST}\n".encode()
    for name, part in ((MANIFEST, text), (SUMS, sums)):
        file.write(_header(name, len(part)) + part + bytes(-len(part) % tarfile.BLOCKSIZE))
    file.write(bytes(2 * tarfile.BLOCKSIZE))


def read(file: Path) -> Backup:
    """Find a backup's parts; `CliError` when one is missing, cut off or not as it was written, the dump excepted."""
    if not file.is_file():
        raise CliError(f"there is no file {file}")
    try:
        with tarfile.open(file, "r:") as tar:
            parts = {name: tar.getmember(name) for name in (DUMP, MANIFEST, SUMS)}
            text, sums = (_text(tar, parts[name]) for name in (MANIFEST, SUMS))
    except (tarfile.TarError, KeyError) as error:
        raise CliError(f"{file} is not a whole backup: it is something else, or was cut off") from error
    known = _read_sums(sums)
    if known.get(MANIFEST) != hashlib.sha256(text).hexdigest():
        raise CliError(f"{file} is broken: its manifest is not as it was written")
    manifest = manifests.decode(text, file.name)
    return Backup(file, manifest, parts[DUMP].offset_data, parts[DUMP].size, known.get(DUMP, ""))


def check_dump(backup: Backup) -> None:
    """Read the whole dump; `CliError` unless it is as it was written."""
    summed, left = hashlib.sha256(), backup.dump_bytes
    with backup.dump() as file:
        while left and (piece := file.read(min(PIECE, left))):
            summed.update(piece)
            left -= len(piece)
    if left or summed.hexdigest() != backup.dump_sum:
        raise CliError(f"{backup.file} is broken: what is in it is not what was written")


def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.GNU_FORMAT)  # one block, whatever the size


def _text(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    part = tar.extractfile(member)
    if part is None or member.size > MAX_TEXT:
        raise tarfile.ReadError
    text = part.read()
    if len(text) != member.size:
        raise tarfile.ReadError
    return text


def _read_sums(text: bytes) -> dict[str, str]:
    lines = (line.split() for line in io.StringIO(text.decode(errors="replace")))
    return {words[1]: words[0] for words in lines if len(words) == 2}  # noqa: PLR2004 - a sum and a name
