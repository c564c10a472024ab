import time
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any, Final
from uuid import UUID

import msgspec

from app.accounts.models import User
from app.errors import NotFound
from app.imports import files, rows, store
from app.imports.errors import ImportInUse, InvalidFile, TooManyRows
from app.imports.files import Lines, Reader, Record
from app.imports.models import Account, Fault, Format, Import, SampleRow
from app.imports.rows import Faulty, Given, Ids
from app.pools import Pools

MAX_ROWS: Final = 1_000_000
BATCH_ROWS: Final = 2_000  # or what came with BATCH_BYTES, if that is less
BATCH_BYTES: Final = 512 * 1024
SAMPLE, FIRST_FAULTS = 10, 100


class Report(msgspec.Struct, frozen=True):
    """An import, its first good rows, and the first of what is wrong with the others."""

    found: Import
    sample: list[SampleRow]
    faults: list[Fault]


class Imports:
    """Files of tickets to be. A job of the type bulk-import makes the tickets."""

    def __init__(self, pools: Pools) -> None:
        self._engine = pools.engine

    async def create(self, user: User, format_: Format, pairs: Iterable[str], pieces: AsyncIterator[bytes]) -> Report:
        """Store a file's rows as it arrives; what it holds in memory does not grow with the file.

        Each batch is a transaction, as a slow client must not hold one open. What a file that breaks off has left is
        no import to anyone, and is deleted by and by.

        Raises:
            InvalidFile: it cannot be read, or is empty.
            TooManyRows: it has more than MAX_ROWS.
        """
        reader = files.reader_of(format_, files.mapping_of(pairs))
        async with self._engine.begin() as connection:
            import_id = await store.add(connection, user.id)
        upload = _Upload(self._engine, import_id, user.id)
        try:
            await upload.take(reader, pieces)
            async with self._engine.begin() as connection:
                await store.complete(connection, import_id, files.described(reader.columns))
        except Exception:
            async with self._engine.begin() as connection:
                await store.remove(connection, import_id)
            raise
        return await self.report(import_id)

    async def report(self, import_id: UUID) -> Report:
        """Raise `NotFound` if there is no such import."""
        async with self._engine.connect() as connection:
            found = _require(await store.find(connection, import_id))
            sample = await store.sample(connection, import_id, SAMPLE)
            return Report(found, sample, await store.faults(connection, import_id, FIRST_FAULTS))

    async def faults(self, import_id: UUID, limit: int, *, after: UUID | None) -> list[Fault]:
        """Return what is wrong with an import, by line, and one fault more than `limit`.

        Raises:
            NotFound: there is no such import.
        """
        async with self._engine.connect() as connection:
            _require(await store.find(connection, import_id))
            return await store.faults(connection, import_id, limit + 1, after)

    async def remove(self, import_id: UUID) -> None:
        """Delete an import; the tickets that jobs made of it stay.

        Raises:
            NotFound: there is no such import.
            ImportInUse: a job is at work on it.
        """
        async with self._engine.begin() as connection:
            _require(await store.find(connection, import_id))
            if await store.is_used(connection, import_id):
                raise ImportInUse
            await store.remove(connection, import_id)


class _Upload:
    """One file on its way into the database."""

    def __init__(self, engine: Any, import_id: UUID, user_id: UUID) -> None:
        self._engine = engine
        self._import_id = import_id
        self._user_id = user_id
        self._ids = Ids(time.time_ns() // 1_000_000)
        self._batch: list[Record] = []
        self._batch_bytes = 0
        self._count = 0

    async def take(self, reader: Reader, pieces: AsyncIterator[bytes]) -> None:
        lines = Lines()
        async for piece in pieces:
            await self._add(reader.read(lines.of(piece)))
            self._batch_bytes += len(piece)
            if self._batch_bytes >= BATCH_BYTES:
                await self._store()
        await self._add(reader.read(lines.of(b"", is_end=True), is_end=True))
        await self._store()
        if not self._count and not reader.columns:
            raise InvalidFile("The file is empty.")

    async def _add(self, records: Iterator[Record]) -> None:
        for record in records:
            self._batch.append(record)
            if len(self._batch) == BATCH_ROWS:
                await self._store()

    async def _store(self) -> None:
        batch, self._batch, self._batch_bytes = self._batch, [], 0
        self._count += len(batch)
        if self._count > MAX_ROWS:
            raise TooManyRows
        if not batch:
            return
        read = [_given_or_fault(record) for record in batch]
        named = rows.names_in(each for each in read if isinstance(each, Given))
        async with self._engine.connect() as connection:
            users = await store.accounts(connection, named) if named else {}
        made = [self._row(record.line, each, users) for record, each in zip(batch, read, strict=True)]
        async with self._engine.connect() as connection:
            await store.copy(connection, made)

    def _row(self, line: int, read: Given | Faulty, users: dict[str, Account]) -> Any:
        row_id = self._ids.next()
        try:
            if isinstance(read, Faulty):
                raise read
            return rows.valid_row(row_id, self._import_id, line, read, users, self._user_id)
        except Faulty as faulty:
            return rows.faulty_row(row_id, self._import_id, line, faulty)


def _given_or_fault(record: Record) -> Given | Faulty:
    try:
        return rows.given_in(record)
    except Faulty as faulty:
        return faulty


def _require(found: Import | None) -> Import:
    if found is None:
        raise NotFound
    return found
