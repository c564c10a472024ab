"""The replica that DATABASE_READ_URL names: is it one, and how far behind."""

import asyncio
import time
from typing import Final

from msgspec import structs
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from app import database
from app.cli.doctor.findings import Finding
from app.cli.doctor.patient import NAME, STATEMENT_SECONDS, Patient
from app.replica import REPLAYED, WRITTEN

LATE_SECONDS: Final = 2.0
POLL_SECONDS: Final = 0.05
MEANWHILE: Final = "until then the primary answers alone"


async def replica(patient: Patient) -> Finding:
    url = patient.settings.database_read_url
    if url is None:
        return Finding("ok", "none: DATABASE_READ_URL is not set")
    written = await _written(patient)
    there = structs.replace(patient.settings, database_url=url, pgbouncer_url=None)
    engine = database.create_engine(there, application_name=NAME, statement_seconds=STATEMENT_SECONDS)
    try:
        async with engine.connect() as connection:
            replayed = await _replayed(connection, written)
        return judge_replica(written, replayed, await _written(patient))
    except (DBAPIError, OSError, TimeoutError) as error:
        said = f"the replica does not answer: {type(getattr(error, 'orig', error)).__name__}"
        return Finding("warn", said, f"start it, or correct DATABASE_READ_URL; {MEANWHILE}")
    finally:
        await engine.dispose()


async def _written(patient: Patient) -> int:
    return int(await patient.postgres.scalar(WRITTEN.element) or 0)


def judge_replica(written: int, replayed: int | None, written_then: int) -> Finding:
    if replayed is None:
        return Finding("warn", "DATABASE_READ_URL names no replica", f"let it name a streaming one; {MEANWHILE}")
    if replayed < written:
        said = f"the replica is more than {LATE_SECONDS:.0f} s behind, by {(written - replayed) / 1e6:.1f} MB"
        return Finding("warn", said, "look whether it follows this primary, and what keeps it: pg_stat_replication")
    if replayed > written_then:
        said = "the replica has what the primary has not: it does not follow this one"
        return Finding("warn", said, f"make it anew from this primary, or rewind it; {MEANWHILE}")
    return Finding("ok", f"the replica is less than {LATE_SECONDS:.0f} s behind")


async def _replayed(connection: AsyncConnection, written: int) -> int | None:
    """Return how far it is, once it is as far as that, or late."""
    ends_at = time.monotonic() + LATE_SECONDS
    while True:
        replayed: int | None = await connection.scalar(REPLAYED.element)
        if replayed is None or replayed >= written or time.monotonic() > ends_at:
            return replayed
        await asyncio.sleep(POLL_SECONDS)
