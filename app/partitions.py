"""Tables with a partition a month, made ahead, and dropped when nothing of it is to be kept. Nothing here commits.

Beside the months a table has two partitions that stay: `_old`, all before the first month there was, and `_default`,
what has no month, since none was made in time or a clock was odd. What is too old in these has to be deleted.

A lock that others would have to wait for is asked for in no more than a moment, and not at all while somebody holds
on to the table: whoever comes after it would wait as well. The next round tries again.
"""

import itertools
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from msgspec import Struct
from sqlalchemy import ARRAY, String, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

MONTHS_AHEAD: Final = 2
LOCK_MILLISECONDS: Final = 250
MOST_COPIED: Final = 200_000  # rows, which takes some seconds
HELD_SECONDS: Final = 1  # a chunk takes less, an export or a dump more
ANALYZED_DAYS: Final = 30

log = structlog.get_logger(__name__)

_PARTITIONS = text(r"""
    select relname, substring(bounds from $$FROM \('([^']+)$$), substring(bounds from $$TO \('([^']+)$$)
    from pg_inherits join pg_class on pg_class.oid = inhrelid, pg_get_expr(relpartbound, pg_class.oid) as bounds
    where inhparent = cast(:table as regclass) and bounds <> 'DEFAULT'
""").bindparams(bindparam("table", type_=String))
_IS_HELD = text("""
    select exists (
        select from pg_locks left join pg_stat_activity using (pid)
        where relation = any(cast(cast(:tables as text[]) as regclass[])) and granted and pid <> pg_backend_pid()
          and pg_locks.database = (select oid from pg_database where datname = current_database())
          and coalesce(xact_start < clock_timestamp() - make_interval(secs => :seconds), true)
    )
""").bindparams(bindparam("tables", type_=ARRAY(String)))
_OPTIONS = text("""
    select coalesce('with (' || string_agg(option, ', ') || ')', '')
    from pg_class, unnest(reloptions) as option where oid = cast(:table as regclass)
""").bindparams(bindparam("table", type_=String))
# Autovacuum analyzes partitions, but never what they are partitions of.
_IS_ANALYZED = text("""
    select coalesce(greatest(last_analyze, last_autoanalyze) > now() - make_interval(days => :days), false)
    from pg_stat_user_tables where relid = cast(:table as regclass)
""").bindparams(bindparam("table", type_=String), days=ANALYZED_DAYS)
# Looks at each key once, however many rows that has.
_HAS_ORPHANS = """
    with recursive found as (
        (select {key} as id from {partition} order by {key} limit 1)
        union all
        select (select {key} from {partition} where {key} > found.id order by {key} limit 1)
        from found where found.id is not null
    )
    select exists (select from found where id is not null and id not in (select id from {owner} where {owned}))
"""
_HAS = "select exists (select from {} where {})"
_REST = "from {partition} where {key} in (select id from {owner} where {owned})"
_COUNT_REST = f"select count(*) from (select {_REST} limit :most) as rest"  # noqa: S608 - of names of ours
_COPY_REST = f"insert into {{partition}}_rest select * {_REST}"


class Partition(Struct, frozen=True):
    """One of a table's partitions, but for the default one, and the time that it is for."""

    name: str
    first: datetime | None  # None: all before
    until: datetime

    def has(self, moment: datetime) -> bool:
        return moment < self.until and (self.first is None or self.first <= moment)


class ByMonth(Struct, frozen=True):
    """A table with a partition a month, by the time that its key tells."""

    table: str
    key: str
    bound: Callable[[datetime], str]  # the lowest key of a time
    time: Callable[[str], datetime]  # and back
    owner: str | None = None  # the table whose ids the keys are: what belongs to one that is still there stays

    @property
    def default(self) -> str:
        return f"{self.table}_default"

    @property
    def without_month(self) -> tuple[str, str]:
        return f"{self.table}_old", self.default

    async def partitions(self, connection: AsyncConnection) -> list[Partition]:
        """Return them from the oldest on."""
        rows = await connection.execute(_PARTITIONS, {"table": self.table})
        found = [Partition(name, self.time(first) if first else None, self.time(until)) for name, first, until in rows]
        return sorted(found, key=lambda partition: partition.until)

    def within(self, column: str, first: datetime | None, until: datetime) -> str:
        """Return the condition that a column has a key of that time."""
        begun = f"{column} >= '{self.bound(first)}'" if first else "true"
        return f"{begun} and {column} < '{self.bound(until)}'"


def id_at(moment: datetime) -> str:
    """Return the lowest uuidv7 of a time."""
    return str(UUID(int=round(moment.timestamp() * 1000) << 80))


def time_of_id(uuid: str) -> datetime:
    return datetime.fromtimestamp((UUID(uuid).int >> 80) / 1000, UTC)


async def attend(connection: AsyncConnection, months: ByMonth, *, age_days: int) -> int:
    """Make the partitions that are missing, or else let the oldest go that nothing keeps; return how many it were."""
    now: datetime = await connection.scalar(text("select now()"))
    partitions = await months.partitions(connection)
    old = [each for each in partitions if each.until <= now - timedelta(days=age_days)]
    done = await _make_missing(connection, months, partitions, now) or await _let_go(connection, months, old)
    if not done:
        await _analyze(connection, months)
    return done


def ahead_of(now: datetime) -> list[tuple[datetime, datetime]]:
    """Return the beginning and the end of this month, and of those that are made ahead."""
    begins = [_month(now)]
    for _ in range(MONTHS_AHEAD + 1):
        begins.append(_month(begins[-1] + timedelta(days=31)))
    return [*itertools.pairwise(begins)]


def _month(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


async def _make_missing(
    connection: AsyncConnection, months: ByMonth, partitions: Sequence[Partition], now: datetime
) -> int:
    """Make what is to be there by now; a month of which something is in the default partition already stays there."""
    missing = [month for month in ahead_of(now) if not any(partition.has(month[0]) for partition in partitions)]
    missing = [
        month for month in missing if not await _has(connection, months.default, months.within(months.key, *month))
    ]
    if not missing or await _is_held(connection, months.default):
        return 0
    await _be_brief(connection)
    for first, until in missing:
        name = f"{months.table}_{first:%Y_%m}"
        await _create(connection, months, name)
        await _attach(connection, months, Partition(name, first, until))
        log.info("partition_made", partition=name)
    return len(missing)


async def _create(connection: AsyncConnection, months: ByMonth, name: str) -> None:
    """Make a table like the default partition, whose settings it takes over; nobody knows of it yet."""
    options = await connection.scalar(_OPTIONS, {"table": months.default})
    await connection.execute(
        text(f"create table {name} (like {months.default} including all excluding identity) {options}")
    )
    await connection.execute(
        text(
            f"create trigger {months.table}_append_only before update on {name}"
            " for each statement execute function refuse_change()"
        )
    )


async def _attach(connection: AsyncConnection, months: ByMonth, partition: Partition) -> None:
    ends = [f"'{months.bound(end)}'" if end else "minvalue" for end in (partition.first, partition.until)]
    await connection.execute(
        text(f"alter table {months.table} attach partition {partition.name} for values from ({ends[0]}) to ({ends[1]})")
    )


async def _let_go(connection: AsyncConnection, months: ByMonth, old: Sequence[Partition]) -> int:
    for partition in old:
        if await _lets_go(connection, months, partition):
            return 1
    return 0


async def _lets_go(connection: AsyncConnection, months: ByMonth, partition: Partition) -> bool:
    if await _is_kept(connection, months, partition):
        return partition.first is not None and await _reduce(connection, months, partition)
    if partition.first is None and not await _size(connection, partition.name):
        return False
    if await _is_held(connection, months.table, months.default, partition.name):
        return False
    await _be_brief(connection)
    verb = "truncate" if partition.first is None else "drop table"
    await connection.execute(text(f"{verb} {partition.name}"))
    log.info("partition_emptied" if partition.first is None else "partition_dropped", partition=partition.name)
    return True


async def _reduce(connection: AsyncConnection, months: ByMonth, partition: Partition) -> bool:
    """Have a table of what is still needed of a partition take its place, if that is little; tell whether it did.

    Nobody writes to the partition meanwhile; that it is read keeps nobody from anything before it is exchanged.
    """
    owned = months.within("id", partition.first, partition.until)
    names = {"partition": partition.name, "key": months.key, "owner": months.owner, "owned": owned}
    if not await connection.scalar(text(_HAS_ORPHANS.format(**names))):
        return False
    count = await connection.scalar(text(_COUNT_REST.format(**names)), {"most": MOST_COPIED + 1})
    if count > MOST_COPIED or await _is_held(connection, months.table, months.default, partition.name):
        return False
    await _be_brief(connection)
    await connection.execute(text(f"lock table {partition.name} in share mode"))
    await _create(connection, months, f"{partition.name}_rest")
    await connection.execute(text(_COPY_REST.format(**names)))
    await connection.execute(text(f"drop table {partition.name}"))
    await connection.execute(text(f"alter table {partition.name}_rest rename to {partition.name}"))
    await _attach(connection, months, partition)
    log.info("partition_reduced", partition=partition.name, rows=count)
    return True


async def _is_kept(connection: AsyncConnection, months: ByMonth, partition: Partition) -> bool:
    """Tell whether somebody is still there whom rows of this partition may belong to."""
    owned = months.within("id", partition.first, partition.until)
    return months.owner is not None and await _has(connection, months.owner, owned)


async def _has(connection: AsyncConnection, table: str, condition: str) -> bool:
    return bool(await connection.scalar(text(_HAS.format(table, condition))))


async def _size(connection: AsyncConnection, table: str) -> int:
    return await connection.scalar(text(f"select pg_relation_size('{table}')")) or 0


async def _is_held(connection: AsyncConnection, *tables: str) -> bool:
    return bool(await connection.scalar(_IS_HELD, {"tables": tables, "seconds": HELD_SECONDS}))


async def _be_brief(connection: AsyncConnection) -> None:
    await connection.execute(text(f"set local lock_timeout = {LOCK_MILLISECONDS}"))


async def _analyze(connection: AsyncConnection, months: ByMonth) -> None:
    if not await connection.scalar(_IS_ANALYZED, {"table": months.table}):
        await connection.execute(text(f"analyze only {months.table}"))
