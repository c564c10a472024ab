"""The SQL on users; nothing here commits."""

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from msgspec import UNSET
from sqlalchemy import ARRAY, ColumnElement, Uuid, and_, any_, bindparam, func, insert, or_, select, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.errors import AlreadyTaken
from app.accounts.models import Person, Role, User, users
from app.accounts.queries import UserQuery
from app.database import count_some
from app.errors import FieldError
from app.reads import ByKey, Reads, Statement

_USER = [users.c[name] for name in User.__struct_fields__]
_BY_ID = Statement(select(*_USER).where(users.c.id == any_(bindparam("keys", type_=ARRAY(Uuid)))))


_TAKEN = {
    "uq_users_username": FieldError("$.username", "Another user has this name"),
    "uq_users_email": FieldError("$.email", "Another user has this e-mail"),
}


def by_id(reads: Reads) -> ByKey[UUID, User]:
    return ByKey(reads, _BY_ID, lambda row: User(*row))


async def add(
    connection: AsyncConnection,
    *,
    username: str,
    email: str,
    password_hash: str,
    role: Role,
    phone: str | None = None,
) -> User:
    """Add a user; raise `AlreadyTaken` when another has the name or the e-mail, whatever the case."""
    values = {"username": username, "email": email, "phone": phone, "password_hash": password_hash, "role": role}
    with _unless_taken():
        return User(*(await connection.execute(insert(users).values(**values).returning(*_USER))).one())


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


async def find_staff(connection: AsyncConnection, part: str, limit: int) -> list[Person]:
    """Return whom tickets can be given to, in order of names, those that have `part` in them."""
    is_meant = and_(users.c.active, users.c.role != "requester", users.c.username.icontains(part, autoescape=True))
    statement = select(users.c.id, users.c.username).where(is_meant).order_by(func.lower(users.c.username))
    return [Person(*row) for row in await connection.execute(statement.limit(limit))]


async def lock_admins(connection: AsyncConnection) -> None:
    """Let nobody else change who is an admin until the transaction ends."""
    await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("bulkhead admins", 0))))


async def has_admin(connection: AsyncConnection) -> bool:
    admins = select(users.c.id).where(users.c.role == "admin", users.c.active)
    return bool(await connection.scalar(select(admins.exists())))


async def find_admin(connection: AsyncConnection, username: str | None) -> User | None:
    """Find an active admin: the one of this name, whatever the case, or whoever has been one for longest."""
    statement = select(*_USER).where(users.c.role == "admin", users.c.active).order_by(users.c.created_at, users.c.id)
    if username is not None:
        statement = statement.where(func.lower(users.c.username) == username.lower())
    row = (await connection.execute(statement.limit(1))).one_or_none()
    return User(*row) if row else None


async def change(connection: AsyncConnection, user_id: UUID, values: Mapping[str, Any]) -> User | None:
    """Change a user, if there is one; raise `AlreadyTaken` as `add` does."""
    with _unless_taken():
        return await _change(connection, users.c.id == user_id, values)


async def lock(connection: AsyncConnection, user_id: UUID) -> User | None:
    """Find a user, who stays as they are until the transaction ends."""
    statement = select(*_USER).where(users.c.id == user_id).with_for_update(key_share=True)
    row = (await connection.execute(statement)).one_or_none()
    return User(*row) if row else None


async def set_password(connection: AsyncConnection, user: User, password_hash: str) -> User | None:
    """Give a user another password, and void all tokens there are; None if it has been changed or shut meanwhile."""
    is_as_it_was = and_(users.c.id == user.id, users.c.active, users.c.token_version == user.token_version)
    values = {"password_hash": password_hash, "token_version": users.c.token_version + 1}
    return await _change(connection, is_as_it_was, values)


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


async def _change(connection: AsyncConnection, which: ColumnElement[bool], values: Mapping[str, Any]) -> User | None:
    row = (await connection.execute(update(users).where(which).values(**values).returning(*_USER))).one_or_none()
    return User(*row) if row else None


@contextlib.contextmanager
def _unless_taken() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        taken = _TAKEN.get(getattr(error.orig and error.orig.__cause__, "constraint_name", ""))
        if taken is None:
            raise
        raise AlreadyTaken(errors=(taken,)) from error


def _matching(query: UserQuery, *, in_emails: bool) -> ColumnElement[bool]:
    searched = (users.c.username, users.c.email) if in_emails else (users.c.username,)
    return and_(
        true() if query.role is UNSET else users.c.role == query.role,
        true() if query.active is UNSET else users.c.active == query.active,
        true() if query.text is UNSET else or_(*(each.icontains(query.text, autoescape=True) for each in searched)),
    )
