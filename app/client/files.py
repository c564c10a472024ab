"""What became of a job's tickets, as a file or a table."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar, get_args
from uuid import uuid4

import msgspec

from . import models
from .errors import Interrupted
from .models import Item
from .transport import Transport

if TYPE_CHECKING:
    from pandas import DataFrame

T = TypeVar("T")
Format = Literal["csv", "ndjson"]
FORMATS: Final = get_args(Format)
TRIES: Final = 3


def format_of(path: Path) -> str:
    """Return the format that a file's name ends with."""
    ending = path.suffix.removeprefix(".").lower()
    if ending not in FORMATS:
        raise ValueError(f"{path.name} ends neither with .csv nor with .ndjson: say which format it is to have")
    return ending


async def download(transport: Transport, path: str, query: Mapping[str, Any], file: Path) -> Path:
    """Write an export beside `file`, and put it in its place when it is whole."""
    incoming = file.with_name(f".{file.name}.{uuid4().hex}")

    async def write() -> None:
        async with transport.answering("GET", path, params=query) as answer:
            with incoming.open("wb") as opened:
                async for piece in answer.aiter_bytes():
                    opened.write(piece)

    try:
        await _begun_anew(write)
        return incoming.replace(file)
    finally:
        incoming.unlink(missing_ok=True)


async def dataframe(transport: Transport, path: str, query: Mapping[str, Any]) -> "DataFrame":
    import pandas as pd  # noqa: PLC0415 - who asks for no tables need not have it

    async def read() -> list[Item]:
        async with transport.answering("GET", path, params=query) as answer:
            return [models.read(line.encode(), Item) async for line in answer.aiter_lines()]

    rows = map(msgspec.structs.astuple, await _begun_anew(read))
    return pd.DataFrame(rows, columns=list(Item.__struct_fields__))


async def _begun_anew(fetch: Callable[[], Awaitable[T]]) -> T:
    """Fetch something, again if it breaks off."""
    for _ in range(TRIES - 1):
        with suppress(Interrupted):
            return await fetch()
    return await fetch()
