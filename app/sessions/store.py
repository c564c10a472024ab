"""The SQL on sessions; nothing here commits."""

from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    LargeBinary,
    Uuid,
    and_,
    any_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import User, users
from app.reads import ByKey, Reads, Statement
from app.sessions.models import Session, sessions
from app.times import days

IDLE_DAYS = 14  # without a refresh
MOST_DAYS = 30  # with as many as you like

_SESSION = [sessions.c[name] for name in Session.__struct_fields__]
_GOES_ON = sessions.c.expires_at > func.now()
_OWNERS = Statement(
    select(sessions.c.id, *(users.c[name] for name in User.__struct_fields__))
    .join(users, users.c.id == sessions.c.user_id)
    .where(sessions.c.id == any_(bindparam("keys", type_=ARRAY(Uuid))), _GOES_ON)
)


def owners(reads: Reads) -> ByKey[UUID, User]:
    """Find users by the id of a session of theirs that has not ended."""
    return ByKey(reads, _OWNERS, lambda row: User(*row[1:]))


async def add(connection: AsyncConnection, user: User, secret_hash: bytes) -> Session | None:
    """Add a session of an active user; None if the user is not any more, or has another password.

    It locks the user, so that whoever changes their rights at this moment either comes first or finds the session.
    """
    owner = (
        select(users.c.id, literal(secret_hash, LargeBinary), func.now() + days(IDLE_DAYS))
        .where(users.c.id == user.id, users.c.active, users.c.token_version == user.token_version)
        .with_for_update(read=True)
    )
    statement = insert(sessions).from_select(["user_id", "secret_hash", "expires_at"], owner).returning(*_SESSION)
    row = (await connection.execute(statement)).one_or_none()
    return Session(*row) if row else None


async def lock(connection: AsyncConnection, session_id: UUID) -> tuple[Session, int] | None:
    """Find a session that has not expired, of an active user, and keep it as it is until the transaction ends.

    Returns it with its user's `token_version`.
    """
    statement = (
        select(*_SESSION, users.c.token_version)
        .join(users, users.c.id == sessions.c.user_id)
        .where(sessions.c.id == session_id, _GOES_ON, users.c.active)
        .with_for_update(of=sessions)
    )
    row = (await connection.execute(statement)).one_or_none()
    if row is None:
        return None
    *session, token_version = row
    return Session(*session), token_version


async def renew(connection: AsyncConnection, session_id: UUID, secret_hash: bytes) -> Session:
    """Let another token carry a session on."""
    until = func.least(func.now() + days(IDLE_DAYS), sessions.c.created_at + days(MOST_DAYS))
    values = {"secret_hash": secret_hash, "expires_at": until}
    statement = update(sessions).where(sessions.c.id == session_id).values(**values).returning(*_SESSION)
    return Session(*(await connection.execute(statement)).one())


async def remove(connection: AsyncConnection, session_id: UUID) -> list[Session]:
    """Remove a session, if it is there; return what was."""
    return await _remove(connection, sessions.c.id == session_id)


async def remove_all_of(connection: AsyncConnection, user_id: UUID, but: UUID | None) -> list[Session]:
    """Remove all sessions of a user, but for one; return them."""
    return await _remove(connection, and_(sessions.c.user_id == user_id, sessions.c.id.is_distinct_from(but)))


async def delete_expired(connection: AsyncConnection, limit: int) -> int:
    """Delete at most `limit` sessions that have expired; return how many."""
    expired = select(sessions.c.id).where(sessions.c.expires_at < func.now()).limit(limit)
    return (await connection.execute(delete(sessions).where(sessions.c.id.in_(expired)))).rowcount


async def _remove(connection: AsyncConnection, which: ColumnElement[bool]) -> list[Session]:
    return [Session(*row) for row in await connection.execute(delete(sessions).where(which).returning(*_SESSION))]
