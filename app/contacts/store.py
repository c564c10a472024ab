"""The SQL on contacts; nothing here commits."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import UNSET
from sqlalchemy import ColumnElement, delete, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.contacts.models import Contact, contacts
from app.contacts.queries import ContactQuery

_CONTACT = [contacts.c[name] for name in Contact.__struct_fields__]
_NAME = func.lower(contacts.c.name)
_SEARCHED = (contacts.c.name, contacts.c.email, contacts.c.organization)


class Place(NamedTuple):
    """Where a contact stands in a list by name, whose case is for Postgres to fold."""

    name: str
    id: UUID


async def find_page(connection: AsyncConnection, query: ContactQuery, *, after: Place | None) -> list[Contact]:
    """Return contacts by name, and one more than the query's limit."""
    statement = select(*_CONTACT).order_by(_NAME, contacts.c.id).limit(query.limit + 1)
    if query.text is not UNSET:
        statement = statement.where(or_(*(each.icontains(query.text, autoescape=True) for each in _SEARCHED)))
    if after is not None:
        statement = statement.where(tuple_(_NAME, contacts.c.id) > tuple_(func.lower(after.name), after.id))
    return [Contact(*row) for row in await connection.execute(statement)]


async def find(connection: AsyncConnection, contact_id: UUID) -> Contact | None:
    row = (await connection.execute(select(*_CONTACT).where(contacts.c.id == contact_id))).one_or_none()
    return Contact(*row) if row else None


async def find_with_email(connection: AsyncConnection, email: str) -> UUID | None:
    return await connection.scalar(select(contacts.c.id).where(_has(email)))


async def lock(connection: AsyncConnection, contact_ids: Collection[UUID]) -> dict[UUID, Contact]:
    """Return those that are there; until the transaction ends, nobody else changes them or names them in a ticket."""
    statement = select(*_CONTACT).where(contacts.c.id.in_(contact_ids)).order_by(contacts.c.id).with_for_update()
    return {row.id: Contact(*row) for row in await connection.execute(statement)}


async def hold(connection: AsyncConnection, contact_id: UUID) -> bool:
    """Tell whether there is such a contact; until the transaction ends, nobody deletes it."""
    statement = select(contacts.c.id).where(contacts.c.id == contact_id).with_for_update(read=True, key_share=True)
    return await connection.scalar(statement) is not None


async def hold_with_email(connection: AsyncConnection, *, name: str, email: str) -> UUID:
    """Return who has this e-mail, in any case, and keeps the name; add a contact where nobody has it.

    Until the transaction ends, nobody deletes it. It takes the same two statements for one that is there and for one
    that is not, so that their time tells a requester nothing.
    """
    add = insert(contacts).values(name=name, email=email).on_conflict_do_nothing()
    find = select(contacts.c.id).where(_has(email)).with_for_update(read=True, key_share=True)
    while True:
        await connection.execute(add)  # waits for who is adding or deleting the same
        found: UUID | None = await connection.scalar(find)
        if found is not None:  # deleted between the two, otherwise
            return found


async def add(connection: AsyncConnection, values: Mapping[str, Any]) -> Contact:
    """Raise `IntegrityError` where another one has the e-mail."""
    return Contact(*(await connection.execute(insert(contacts).values(**values).returning(*_CONTACT))).one())


async def change(connection: AsyncConnection, contact_id: UUID, values: Mapping[str, Any]) -> Contact | None:
    """Raise `IntegrityError` where another one has the e-mail."""
    changed = {"updated_at": func.clock_timestamp(), **values}
    statement = update(contacts).where(contacts.c.id == contact_id).values(**changed).returning(*_CONTACT)
    row = (await connection.execute(statement)).one_or_none()
    return Contact(*row) if row else None


async def remove(connection: AsyncConnection, contact_id: UUID) -> None:
    await connection.execute(delete(contacts).where(contacts.c.id == contact_id))


def _has(email: str) -> ColumnElement[bool]:
    return func.lower(contacts.c.email) == func.lower(email)
