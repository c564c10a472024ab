"""What idempotency keys are to jobs: see `app/idempotency/`."""

from typing import Any

import msgspec
from sqlalchemy import delete, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.idempotency import store
from app.idempotency.models import idempotency_keys
from app.jobs.models import jobs
from app.jobs.operations.operation import JobRequest
from app.jobs.status import TERMINAL

KEY_LIFE = text("interval '24 hours'")


def fingerprint_of(request: JobRequest) -> bytes:
    """Digest what was asked for, however its JSON was spelled, and in whatever order it lists things.

    What it lists twice, it has to list twice again: the answer says how many ids were duplicates.
    """
    return store.digest("/api/jobs", _unordered(msgspec.to_builtins(request)))


async def delete_expired(connection: AsyncConnection, limit: int) -> int:
    """Delete at most `limit` keys that are past their life and whose jobs, where they have one, have ended."""
    expired = (
        select(idempotency_keys.c.owner_id, idempotency_keys.c.key)
        .outerjoin(jobs, jobs.c.id == idempotency_keys.c.job_id)
        .where(
            idempotency_keys.c.created_at < func.now() - KEY_LIFE,
            or_(idempotency_keys.c.job_id.is_(None), jobs.c.status.in_(TERMINAL)),
        )
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
