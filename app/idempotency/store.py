"""Idempotency keys: the same request under the same key is done once, however often it is sent. Nothing here commits.

A user's keys are for everything that takes one.
"""

import hashlib
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import TextClause, literal_column, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.idempotency.errors import IdempotencyKeyReused
from app.idempotency.models import Claimed, idempotency_keys
from app.metrics import IDEMPOTENCY

NEW_ID = text("uuidv7()")


def digest(path: str, asked: Any) -> bytes:
    """Digest what was asked for by a POST, however its JSON was spelled."""
    return hashlib.sha256(msgspec.json.encode(["POST", path, asked], order="sorted")).digest()


async def claim(
    connection: AsyncConnection, owner_id: UUID, key: str, fingerprint: bytes, *, job_id: TextClause | None = None
) -> Claimed:
    """Write a key with the id that its job is to have, if there will be one, or return what is written already.

    A request with the same key waits here until the first one commits.

    Raises:
        IdempotencyKeyReused: the first one asked for something else.
    """
    mine = upsert(idempotency_keys).values(owner_id=owner_id, key=key, fingerprint=fingerprint, job_id=job_id)
    # The update changes nothing: it is what returns the row that is there, in one statement, so that it cannot be
    # removed in between. A row that was inserted has no xmax.
    statement = mine.on_conflict_do_update(
        index_elements=["owner_id", "key"], set_={"key": mine.excluded.key}
    ).returning(
        *(idempotency_keys.c[name] for name in ("job_id", "movement_id", "fingerprint")), literal_column("xmax = 0")
    )
    job_id_there, movement_id, theirs, is_new = (await connection.execute(statement)).one()
    if theirs != fingerprint:
        IDEMPOTENCY.labels("reused").inc()
        raise IdempotencyKeyReused
    return Claimed(job_id_there, movement_id, is_new)


async def note_movement(connection: AsyncConnection, owner_id: UUID, key: str, movement_id: int) -> None:
    """Write down of which movement of stock a key is, that was claimed in the same transaction."""
    mine = (idempotency_keys.c.owner_id == owner_id) & (idempotency_keys.c.key == key)
    await connection.execute(update(idempotency_keys).where(mine).values(movement_id=movement_id))


def note_outcome(*, is_replay: bool) -> None:
    """Count a request that had a key; to be called once its transaction has committed."""
    IDEMPOTENCY.labels("replayed" if is_replay else "new").inc()
