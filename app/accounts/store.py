"""The SQL on users; nothing here commits."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import User, users

_USER = [users.c[name] for name in User.__struct_fields__]


async def find(connection: AsyncConnection, user_id: UUID) -> User | None:
    row = (await connection.execute(select(*_USER).where(users.c.id == user_id))).one_or_none()
    return User(*row) if row else None


async def find_many(connection: AsyncConnection, user_ids: Iterable[UUID]) -> dict[UUID, User]:
    rows = await connection.execute(select(*_USER).where(users.c.id.in_(user_ids)))
    return {row.id: User(*row) for row in rows}


async def find_with_password_hash(connection: AsyncConnection, login: str) -> tuple[User, str] | None:
    """Find a user by name or e-mail, whatever the case."""
    name = login.lower()
    statement = select(*_USER, users.c.password_hash).where(
        or_(func.lower(users.c.username) == name, func.lower(users.c.email) == name)
    )
    row = (await connection.execute(statement)).one_or_none()
    if row is None:
        return None
    *user, password_hash = row
    return User(*user), password_hash
