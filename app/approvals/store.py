"""The SQL on links to decide with; nothing here commits."""

import hashlib
import secrets
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.approvals.models import Link, Linked, approval_tokens
from app.times import days

LIFE_DAYS: Final = 7
KEPT_DAYS: Final = 30  # after that, so long a link can say why it is of no use
TOKEN_BYTES: Final = 32

_link = approval_tokens.c


async def issue(connection: AsyncConnection, ticket_id: UUID, user_id: UUID) -> Link:
    """Make a link. Its token is nowhere but in what this returns."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    values = {"token_hash": _hash_of(token), "ticket_id": ticket_id, "user_id": user_id}
    statement = insert(approval_tokens).values(**values, expires_at=func.now() + days(LIFE_DAYS))
    return Link(token, (await connection.execute(statement.returning(_link.expires_at))).scalar_one())


async def find(connection: AsyncConnection, token: str) -> Linked | None:
    """Find what a link is for, by the hash of its token: how long that takes tells nothing of any token."""
    statement = select(_link.ticket_id, _link.user_id, _link.expires_at, _link.expires_at <= func.now())
    row = (await connection.execute(statement.where(_link.token_hash == _hash_of(token)))).one_or_none()
    return Linked(*row) if row else None


async def delete_old(connection: AsyncConnection, limit: int) -> int:
    """Delete at most `limit` links that expired long ago; return how many."""
    old = select(_link.token_hash).where(_link.expires_at < func.now() - days(KEPT_DAYS)).limit(limit)
    return (await connection.execute(delete(approval_tokens).where(_link.token_hash.in_(old)))).rowcount


def _hash_of(token: str) -> bytes:
    """Digest a token, which is random enough to need no salt and no slow hash."""
    return hashlib.sha256(token.encode()).digest()
