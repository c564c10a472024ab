"""The SQL on users; nothing here commits."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from msgspec import UNSET
from sqlalchemy import ARRAY, ColumnElement, Uuid, and_, any_, bindparam, func, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import Role, User, users
from app.accounts.queries import UserQuery
from app.database import count_some
from app.reads import ByKey, Reads, Statement

_USER = [users.c[name] for name in User.__struct_fields__]
_BY_ID = Statement(select(*_USER).where(users.c.id == any_(bindparam("keys", type_=ARRAY(Uuid)))))


def by_id(reads: Reads) -> ByKey[UUID, User]:
    return ByKey(reads, _BY_ID, lambda row: User(*row))


async def add(connection: AsyncConnection, *, username: str, email: str, password_hash: str, role: Role) -> User | None:
    """Add a user; None when the name or the e-mail is taken, whatever the case."""
    values = {"username": username, "email": email, "password_hash": password_hash, "role": role}
    statement = insert(users).values(**values).on_conflict_do_nothing().returning(*_USER)
    row = (await connection.execute(statement)).one_or_none()
    return User(*row) if row else None


async def find(connection: AsyncConnection, user_id: UUID) -> User | None:
    row = (await connection.execute(select(*_USER).where(users.c.id == user_id))).one_or_none()
    return User(*row) if row else None


async def find_page(
    connection: AsyncConnection, query: UserQuery, *, in_emails: bool, after: str | None
) -> tuple[list[User], int]:
    """Return a page in order of names, and one user more than its limit; and how many match, if not too many.

    in_emails: whether a text is looked for in e-mails, too.
    """
    name, matches = func.lower(users.c.username), _matching(query, in_emails=in_emails)
    statement = select(*_USER).where(matches).order_by(name).limit(query.limit + 1).offset(query.offset)
    if after is not None:
        statement = statement.where(name > after)
    found = [User(*row) for row in await connection.execute(statement)]
    return found, await count_some(connection, users, matches)


async def lock_admins(connection: AsyncConnection) -> None:
    """Let nobody else change who is an admin until the transaction ends."""
    await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("bulkhead admins", 0))))


async def has_admin(connection: AsyncConnection) -> bool:
    admins = select(users.c.id).where(users.c.role == "admin", users.c.active)
    return bool(await connection.scalar(select(admins.exists())))


async def change(connection: AsyncConnection, user_id: UUID, values: Mapping[str, Any]) -> User | None:
    statement = update(users).where(users.c.id == user_id).values(**values).returning(*_USER)
    row = (await connection.execute(statement)).one_or_none()
    return User(*row) if row else None


async def can_be_assigned(connection: AsyncConnection, user_id: UUID) -> bool:
    """Tell whether tickets can be given to this user: an active agent or admin."""
    user = await find(connection, user_id)
    return user is not None and user.active and user.role != "requester"


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


def _matching(query: UserQuery, *, in_emails: bool) -> ColumnElement[bool]:
    searched = (users.c.username, users.c.email) if in_emails else (users.c.username,)
    return and_(
        true() if query.role is UNSET else users.c.role == query.role,
        true() if query.active is UNSET else users.c.active == query.active,
        true() if query.text is UNSET else or_(*(each.icontains(query.text, autoescape=True) for each in searched)),
    )
