"""What tables and indexes carry with them that is of no use any more."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import text

from app.cli.doctor.findings import Finding
from app.cli.doctor.patient import Patient

MB: Final = 10**6
DEAD_ROWS: Final = 100_000
DEAD_SHARE: Final = 0.2
BLOATED_BYTES: Final = 100 * MB
BLOATED_SHARE: Final = 0.5
OPEN_SECONDS: Final = 600.0  # our own transactions end long before
AGE_WARNS: Final = 1_000_000_000  # of some 2,100,000,000, at which Postgres stops
AGE_FAILS: Final = 1_800_000_000

_TABLES = text("""
    select relname, n_dead_tup as dead, n_dead_tup::float8 / greatest(n_live_tup + n_dead_tup, 1) as share
    from pg_stat_user_tables order by n_dead_tup desc
""")
_AGES = text("""
    select (select age(datfrozenxid) from pg_database where datname = current_database()) as transactions,
           (select coalesce(extract(epoch from max(now() - xact_start)), 0) from pg_stat_activity
            where datname = current_database() and backend_type = 'client backend') as oldest
""")
# What a B-tree would take that was made anew: its entries, as wide as the columns' values are on average, with 12 bytes
# around each and 8 for alignment, on pages that are nine tenths full. Equal keys are kept once, so it may take less.
INDEXES = text("""
    with keys as (
        select i.indexrelid, i.indrelid, k.attnum, k.position
        from pg_index i, unnest(i.indkey::int2[]) with ordinality k (attnum, position)
    ),
    widths as (
        select k.indexrelid, sum(coalesce(s.avg_width, 8)) as width
        from keys k
        join pg_class c on c.oid = case k.attnum when 0 then k.indexrelid else k.indrelid end
        left join pg_attribute a
            on a.attrelid = c.oid and a.attnum = case k.attnum when 0 then k.position else k.attnum end
        left join pg_stats s on s.schemaname = c.relnamespace::regnamespace::text
            and s.tablename = c.relname and s.attname = a.attname
        group by k.indexrelid
    )
    select c.relname, i.indisvalid as is_valid, pg_relation_size(c.oid) as bytes,
           pg_relation_size(c.oid) - greatest(c.reltuples, 0) * (w.width + 20) / 0.9 as wasted
    from pg_index i
    join pg_class c on c.oid = i.indexrelid
    join pg_am m on m.oid = c.relam
    join widths w using (indexrelid)
    where c.relnamespace = 'public'::regnamespace and (m.amname = 'btree' or not i.indisvalid)
    order by wasted desc
""")


async def tables(patient: Patient) -> Finding:
    rows = (await patient.postgres.execute(_TABLES)).all()
    ages = (await patient.postgres.execute(_AGES)).one()
    return judge_tables(rows, float(ages.oldest), ages.transactions)


def judge_tables(rows: Sequence[Any], open_seconds: float, transactions: int) -> Finding:
    """Judge tables, of which the one with the most dead rows comes first."""
    if transactions >= AGE_WARNS:
        said = f"the oldest row is {transactions:,} transactions old; at 2,100,000,000 Postgres stops"
        return Finding("fail" if transactions >= AGE_FAILS else "warn", said, "vacuum freeze, and see to autovacuum")
    if open_seconds >= OPEN_SECONDS:
        said = f"a transaction has been open for {open_seconds / 60:.0f} minutes, and keeps all that died since"
        return Finding("warn", said, "find it in pg_stat_activity by xact_start, and end it")
    bad = [row for row in rows if row.dead >= DEAD_ROWS and row.share >= DEAD_SHARE]
    if bad:
        said = ", ".join(f"{row.relname} has {row.dead:,} dead rows, {row.share:.0%}" for row in bad)
        return Finding("warn", said, f"vacuum (analyze) {bad[0].relname}; does autovacuum keep up?")
    return Finding("ok", f"{sum(row.dead for row in rows):,} dead rows in all; autovacuum keeps up")


async def indexes(patient: Patient) -> Finding:
    return judge_indexes((await patient.postgres.execute(INDEXES)).all())


def judge_indexes(rows: Sequence[Any]) -> Finding:
    invalid = [row.relname for row in rows if not row.is_valid]
    if invalid:
        said = f"{', '.join(invalid)}: not valid, since building it failed"
        return Finding("fail", said, f"reindex index concurrently {invalid[0]}")
    bad = [row for row in rows if row.wasted >= BLOATED_BYTES and row.wasted / row.bytes >= BLOATED_SHARE]
    if bad:
        said = ", ".join(f"{row.relname} takes {row.bytes / MB:.0f} MB, {row.wasted / MB:.0f} too many" for row in bad)
        return Finding("warn", said, f"reindex index concurrently {bad[0].relname}")
    return Finding("ok", f"{sum(row.bytes for row in rows) / MB:.0f} MB, as large as they have to be")
