"""Idempotency keys: the same request under the same key is one job, however often it is sent."""

import hashlib
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import delete, func, literal_column, select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.jobs.models import idempotency_keys, jobs
from app.jobs.operations.operation import JobRequest
from app.jobs.status import TERMINAL

KEY_LIFE = text("interval '24 hours'")


def fingerprint_of(request: JobRequest) -> bytes:
    """Digest what was asked for, however its JSON was spelled, and in whatever order it lists things.

    What it lists twice, it has to list twice again: the answer says how many ids were duplicates.
    """
    canonical = msgspec.json.encode(["POST", "/api/jobs", _unordered(msgspec.to_builtins(request))], order="sorted")
    return hashlib.sha256(canonical).digest()


async def claim(connection: AsyncConnection, owner_id: UUID, key: str, fingerprint: bytes) -> tuple[UUID, bytes | None]:
    """Write an idempotency key and return the id that its job is to have, or that of the request that came first.

    A request with the same key waits here until the first one commits. The second value is None for the first one,
    else the fingerprint that the first one left.
    """
    mine = upsert(idempotency_keys).values(owner_id=owner_id, key=key, fingerprint=fingerprint, job_id=text("uuidv7()"))
    # The update changes nothing: it is what returns the row that is there, in one statement, so that it cannot be
    # removed in between. A row that was inserted has no xmax.
    statement = mine.on_conflict_do_update(
        index_elements=["owner_id", "key"], set_={"key": mine.excluded.key}
    ).returning(idempotency_keys.c.job_id, idempotency_keys.c.fingerprint, literal_column("xmax = 0").label("is_new"))
    row = (await connection.execute(statement)).one()
    return row.job_id, None if row.is_new else row.fingerprint


async def delete_expired(connection: AsyncConnection, limit: int) -> int:
    """Delete at most `limit` keys that are past their life and whose jobs have ended."""
    expired = (
        select(idempotency_keys.c.owner_id, idempotency_keys.c.key)
        .join(jobs, jobs.c.id == idempotency_keys.c.job_id)
        .where(idempotency_keys.c.created_at < func.now() - KEY_LIFE, jobs.c.status.in_(TERMINAL))
        .limit(limit)
        .subquery()
    )
    result = await connection.execute(
        delete(idempotency_keys).where(
            idempotency_keys.c.owner_id == expired.c.owner_id, idempotency_keys.c.key == expired.c.key
        )
    )
    return result.rowcount


def _unordered(value: Any) -> Any:
    """Sort each list within: ids, tags and the values of a filter, whose order means nothing."""
    if isinstance(value, dict):
        return {name: _unordered(each) for name, each in value.items()}
    return sorted(value) if isinstance(value, list) else value
