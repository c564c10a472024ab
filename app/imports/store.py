"""The SQL on imports and their rows; nothing here commits, but for `copy`, which is a transaction of its own."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ARRAY, Integer, String, Uuid, any_, bindparam, delete, func, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import users
from app.imports.models import COLUMNS, DUPLICATE, Account, Fault, Import, ImportColumn, SampleRow, import_rows, imports
from app.reads import Reader, Statement

_IN_A_MINUTE = text("interval '1 minute'")
PURGED_ROWS, PURGED_IMPORTS = 5_000, 20  # how many go at once, at most

_IMPORT = [imports.c[name] for name in Import.__struct_fields__]
_SAMPLE = [import_rows.c[name] for name in SampleRow.__struct_fields__]
_FAULTS = (
    select(
        import_rows.c.id,
        import_rows.c.line,
        import_rows.c.fault_column,
        import_rows.c.fault_code,
        import_rows.c.fault,
    )
    .where(import_rows.c.fault_code.is_not(None))
    .order_by(import_rows.c.id)
)

_LINES = Statement(
    select(import_rows.c.id, import_rows.c.line, import_rows.c.fault_column, import_rows.c.fault).where(
        import_rows.c.id == any_(bindparam("keys", type_=ARRAY(Uuid)))
    )
)

# Of rows with the same external id the first that has no fault is meant; the others are duplicates.
_MARK_DUPLICATES = text("""
    with again as (
        select id from (
            select id, row_number() over (partition by external_id order by id) as place
            from import_rows where import_id = :import_id and external_id is not null and fault_code is null
        ) as named where place > 1
    )
    update import_rows
    set fault_column = 'externalId', fault_code = :code, fault = 'An earlier line has the same external id'
    from again where import_rows.id = again.id
""").bindparams(bindparam("import_id", type_=Uuid))

# What tickets there are already has to be asked again when a job runs: this is for people to see before.
_COMPLETE = text("""
    update imports set is_complete = true, columns = cast(:columns as jsonb), rows = counted.rows,
        faulty = counted.faulty, duplicates = counted.duplicates
    from (
        select count(*) as rows,
               count(*) filter (where fault_code <> :code) as faulty,
               count(*) filter (where fault_code = :code or fault_code is null and tickets.id is not null) as duplicates
        from import_rows
        left join tickets on tickets.external_id = import_rows.external_id and tickets.deleted_at is null
        where import_id = :import_id
    ) as counted
    where imports.id = :import_id
""").bindparams(bindparam("import_id", type_=Uuid), bindparam("columns", type_=String))

_IS_USED = text("""
    select exists (
        select from jobs where params ->> 'importId' = cast(cast(:import_id as uuid) as text) and params ? 'importId'
            and finished_at is null
    )
""").bindparams(bindparam("import_id", type_=Uuid))

# The rows first, a little at a time, and an import once it has none.
_PURGEABLE = text("""
    select id from imports
    where expires_at < now()
      and not exists (select from jobs where params ->> 'importId' = cast(imports.id as text) and params ? 'importId')
    order by expires_at limit :limit for update
""").bindparams(bindparam("limit", type_=Integer))


async def add(connection: AsyncConnection, user_id: UUID) -> UUID:
    made: UUID = (
        await connection.execute(insert(imports).values(created_by=user_id).returning(imports.c.id))
    ).scalar_one()
    return made


async def copy(connection: AsyncConnection, rows: Sequence[Any]) -> None:
    """Write rows as COLUMNS has them."""
    raw = (await connection.get_raw_connection()).driver_connection
    await raw.copy_records_to_table(import_rows.name, records=rows, columns=COLUMNS)  # type: ignore[union-attr]


async def accounts(connection: AsyncConnection, names: Collection[str]) -> dict[str, Account]:
    """Find users by username or e-mail, both in small letters."""
    wanted = any_(bindparam("names", list(names), ARRAY(String)))
    by_name, by_email = func.lower(users.c.username), func.lower(users.c.email)
    statement = select(by_name, by_email, users.c.id, users.c.active & (users.c.role != "requester"))
    found = await connection.execute(statement.where(or_(by_name == wanted, by_email == wanted)))
    return {key: Account(row[2], row[3]) for row in found for key in row[:2]}


async def complete(connection: AsyncConnection, import_id: UUID, columns: Sequence[ImportColumn]) -> None:
    """Say that all rows are there, and count them."""
    values = {"import_id": import_id, "code": DUPLICATE}
    await connection.execute(_MARK_DUPLICATES, values)
    await connection.execute(_COMPLETE, {**values, "columns": msgspec.json.encode(columns).decode()})


async def find(connection: AsyncConnection, import_id: UUID) -> Import | None:
    """Find an import that is whole."""
    wanted = (imports.c.id == import_id) & imports.c.is_complete & ~imports.c.is_deleted
    row = (await connection.execute(select(*_IMPORT).where(wanted))).one_or_none()
    return msgspec.convert(dict(zip(Import.__struct_fields__, row, strict=True)), Import) if row else None


async def can_be_run(connection: AsyncConnection, import_id: UUID) -> bool:
    """Tell whether an import is whole, and is kept until a job that is posted with it now can be seen by `purge`."""
    wanted = (imports.c.id == import_id) & imports.c.is_complete & ~imports.c.is_deleted
    kept = imports.c.expires_at > func.now() + _IN_A_MINUTE
    return bool(await connection.scalar(select(imports.c.id).where(wanted, kept)))


async def is_used(connection: AsyncConnection, import_id: UUID) -> bool:
    """Tell whether a job that has not ended was posted with it."""
    return bool(await connection.scalar(_IS_USED, {"import_id": import_id}))


async def remove(connection: AsyncConnection, import_id: UUID) -> None:
    """Hide an import; its rows go once no request that saw it can still be under way."""
    deleted = {"is_deleted": True, "expires_at": func.now() + _IN_A_MINUTE}
    await connection.execute(update(imports).where(imports.c.id == import_id).values(**deleted))


async def sample(connection: AsyncConnection, import_id: UUID, limit: int) -> list[SampleRow]:
    """Return the first rows that can become tickets."""
    wanted = (import_rows.c.import_id == import_id) & import_rows.c.fault_code.is_(None)
    rows = await connection.execute(select(*_SAMPLE).where(wanted).order_by(import_rows.c.id).limit(limit))
    return [SampleRow(*row) for row in rows]


async def faults(connection: AsyncConnection, import_id: UUID, limit: int, after: UUID | None = None) -> list[Fault]:
    """Return what is wrong, by line."""
    statement = _FAULTS.where(import_rows.c.import_id == import_id).limit(limit)
    if after is not None:
        statement = statement.where(import_rows.c.id > after)
    return [Fault(*row) for row in await connection.execute(statement)]


async def lines_of(reader: Reader, row_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Say of rows which line they are, and what is wrong with it, if anything was before it was imported."""
    rows = await reader.fetch(_LINES, keys=row_ids)
    return {row_id: ": ".join(filter(None, (f"Line {line}", column, fault))) for row_id, line, column, fault in rows}


async def purge(connection: AsyncConnection, *, limit: int = PURGED_ROWS) -> int:
    """Delete imports that are over and that no job was posted with; return how many rows went."""
    ids = list((await connection.execute(_PURGEABLE, {"limit": PURGED_IMPORTS})).scalars())
    if not ids:
        return 0
    doomed = select(import_rows.c.id).where(import_rows.c.import_id.in_(ids)).limit(limit)
    purged = (await connection.execute(delete(import_rows).where(import_rows.c.id.in_(doomed)))).rowcount
    if purged == limit:
        return purged
    return purged + (await connection.execute(delete(imports).where(imports.c.id.in_(ids)))).rowcount
