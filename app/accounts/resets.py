"""The SQL on links to choose a password with; nothing here commits."""

import hashlib
import secrets
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import ResetLink, password_resets
from app.times import days

LIFE_DAYS = 1
TOKEN_BYTES = 32


async def issue(connection: AsyncConnection, user_id: UUID) -> ResetLink:
    """Make a link, which takes the place of the user's last one."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    values = {"token_hash": _hash_of(token), "expires_at": func.now() + days(LIFE_DAYS)}
    statement = (
        insert(password_resets)
        .values(user_id=user_id, **values)
        .on_conflict_do_update(index_elements=[password_resets.c.user_id], set_=values)
        .returning(password_resets.c.expires_at)
    )
    return ResetLink(token, (await connection.execute(statement)).scalar_one())


async def find_owner(connection: AsyncConnection, token: str) -> UUID | None:
    """Tell whose link this is; None if it is nobody's any more."""
    statement = select(password_resets.c.user_id).where(
        password_resets.c.token_hash == _hash_of(token), password_resets.c.expires_at > func.now()
    )
    return (await connection.execute(statement)).scalar_one_or_none()


async def use(connection: AsyncConnection, token: str) -> bool:
    """Remove a link; False if another request has, so that of two with the same link one goes on."""
    statement = delete(password_resets).where(password_resets.c.token_hash == _hash_of(token))
    return (await connection.execute(statement)).rowcount == 1


async def remove_of(connection: AsyncConnection, user_id: UUID) -> None:
    """Remove a user's link, if there is one."""
    await connection.execute(delete(password_resets).where(password_resets.c.user_id == user_id))


async def delete_expired(connection: AsyncConnection, limit: int) -> int:
    """Delete at most `limit` links that have expired; return how many."""
    expired = select(password_resets.c.user_id).where(password_resets.c.expires_at < func.now()).limit(limit)
    statement = delete(password_resets).where(
        password_resets.c.user_id.in_(expired), password_resets.c.expires_at < func.now()
    )
    return (await connection.execute(statement)).rowcount


def _hash_of(token: str) -> bytes:
    """Digest a token, which is random enough to need no salt and no slow hash."""
    return hashlib.sha256(token.encode()).digest()
