"""Whether tables that have a partition a month have those they should, and no others."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app import partitions
from app.audit import store as audit
from app.cli.doctor.findings import Finding, together
from app.cli.doctor.patient import Patient
from app.jobs import retention
from app.jobs.status import ACTIVE
from app.partitions import ByMonth, Partition

OVERDUE: Final = timedelta(days=2)  # a backup, or a long read, may be in the way meanwhile

_HAS_ROWS = "select exists (select from {})"
_KEEPER = "select id, status from jobs where {} order by finished_at is not null, id limit 1"


class Months(NamedTuple):
    """What there is of a table, and what is wrong with that."""

    table: str
    made: int
    missing: list[str]  # months
    overdue: dict[str, str]  # partitions that are too old, and what keeps each
    has_strays: bool  # rows of no month


async def months(patient: Patient) -> Finding:
    found = [await _look(patient, table) for table in (retention.BY_MONTH, audit.BY_MONTH)]
    return together([judge_months(each) for each in found])


def judge_months(found: Months) -> Finding:
    table, strays = found.table, "; some rows are of no month" if found.has_strays else ""
    if found.missing:
        said = f"{table} has no partition for {', '.join(found.missing)}, so what comes then goes to {table}_default"
        return Finding("warn", said, "a worker makes them once a minute: see workers, and clock")
    if found.overdue:
        said = ", ".join(
            f"{name} is past its retention, and kept by {keeper}" for name, keeper in found.overdue.items()
        )
        return Finding("warn", f"{said}{strays}", "let that job end, or cancel it; a lock goes with who has it")
    return Finding("ok", f"{table} has {found.made} months{strays}")


async def _look(patient: Patient, table: ByMonth) -> Months:
    now: datetime = await patient.postgres.scalar(text("select now()"))
    there = await table.partitions(patient.postgres)
    too_old = now - timedelta(days=patient.settings.job_retention_days) - OVERDUE
    made = [each for each in there if each.first]
    missing = [first for first, _ in partitions.ahead_of(now)[:2] if not any(each.has(first) for each in there)]
    return Months(
        table=table.table,
        made=len(made),
        missing=[f"{first:%Y-%m}" for first in missing],
        overdue=await _overdue(
            patient.postgres, table, [each for each in there if each.first and each.until <= too_old]
        ),
        has_strays=bool(await patient.postgres.scalar(text(_HAS_ROWS.format(table.default)))),
    )


async def _overdue(connection: AsyncConnection, table: ByMonth, old: Sequence[Partition]) -> dict[str, str]:
    keepers = {each.name: await _keeper(connection, table, each) for each in old}
    return {name: keeper for name, keeper in keepers.items() if keeper is not None}


async def _keeper(connection: AsyncConnection, table: ByMonth, partition: Partition) -> str | None:
    """Return what keeps a partition, be it a job that has not ended; None if only others do, which took their time."""
    if table.owner:
        owned = table.within("id", partition.first, partition.until)
        row = (await connection.execute(text(_KEEPER.format(owned)))).one_or_none()
        if row is not None:
            return f"job {row.id}, which is {row.status}" if row.status in ACTIVE else None
    return "somebody's lock, or since no worker was up"
