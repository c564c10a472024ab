import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol
from uuid import UUID

from msgspec import UNSET
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import Caller, User
from app.audit import store as audit
from app.contacts import store
from app.contacts.errors import ContactExists, ContactHasTickets
from app.contacts.models import Contact
from app.contacts.queries import ContactQuery
from app.contacts.store import Place
from app.errors import InvalidRequest, NotFound
from app.pools import Pools

FILLED = ("email", "phone", "organization", "notes")  # of who stays, by a merge, where they are empty


class Tickets(Protocol):
    """What names contacts, deleted tickets too; looked at and changed within the caller's transaction."""

    async def count_of(self, connection: AsyncConnection, contact_id: UUID) -> int:
        """Return how many name a contact, and COUNT_LIMIT + 1 where there are more."""

    async def hand_over(self, connection: AsyncConnection, user: User, contact_id: UUID, into_id: UUID) -> int:
        """Let all that name a contact name another one, and return how many; each one's history tells it."""

    async def tell_many_changed(self) -> None:
        """Let those who look at lists know, after the commit."""


class Contacts:
    """What staff may do with those whom tickets are for."""

    def __init__(self, pools: Pools, tickets: Tickets) -> None:
        self._engine = pools.engine
        self._costly = pools.costly
        self._tickets = tickets

    async def find_page(self, user: User, query: ContactQuery, *, after: Place | None = None) -> list[Contact]:
        """Return what `store.find_page` does.

        Raises:
            TooManyRequests: a text is looked for in every contact, and the user has two costly reads under way.
        """
        reading: AbstractAsyncContextManager[AsyncConnection] = (
            self._engine.connect() if query.text is UNSET else self._costly.connect(user.id)
        )
        async with reading as connection:
            return await store.find_page(connection, query, after=after)

    async def get(self, contact_id: UUID) -> Contact:
        """Raise `NotFound` for a contact that is not there."""
        async with self._engine.connect() as connection:
            return _require(await store.find(connection, contact_id))

    async def create(self, values: Mapping[str, Any]) -> Contact:
        """Raise `ContactExists` where another one has the e-mail."""
        async with self._engine.begin() as connection, _unique_email(connection, values.get("email")):
            return await store.add(connection, values)

    async def change(self, contact_id: UUID, values: Mapping[str, Any]) -> Contact:
        """Write `values` to a contact.

        Raises:
            NotFound: there is no such contact.
            ContactExists: another one has the e-mail.
        """
        async with self._engine.begin() as connection, _unique_email(connection, values.get("email")):
            return _require(await store.change(connection, contact_id, values))

    async def remove(self, contact_id: UUID) -> None:
        """Delete a contact that no ticket names.

        Raises:
            NotFound: there is no such contact.
            ContactHasTickets: a ticket names it, maybe a deleted one.
        """
        async with self._engine.begin() as connection:
            _require((await store.lock(connection, [contact_id])).get(contact_id))
            if count := await self._tickets.count_of(connection, contact_id):
                raise ContactHasTickets(count)
            await store.remove(connection, contact_id)

    async def merge(self, caller: Caller, contact_id: UUID, into_id: UUID) -> Contact:
        """Give a contact's tickets to another one, and what that one lacks; then delete it. Return who stays.

        Raises:
            NotFound: there is no such contact.
            InvalidRequest: there is none to merge it into, or it is the same.
        """
        async with self._engine.begin() as connection:
            found = await store.lock(connection, {contact_id, into_id})
            merged, survivor = _require(found.get(contact_id)), found.get(into_id)
            if survivor is None or survivor.id == merged.id:
                raise InvalidRequest.at("$.into", "There is no other contact with this id")
            count = await self._tickets.hand_over(connection, caller.user, merged.id, survivor.id)
            await store.remove(connection, merged.id)  # before the other one takes its e-mail
            filled = {name: getattr(survivor, name) or getattr(merged, name) for name in FILLED}
            await audit.record(
                connection,
                "contact.merged",
                caller.origin,
                actor_id=caller.user.id,
                subject_id=survivor.id,
                items=count,
                details={"merged": str(merged.id)},
            )
            changed = _require(await store.change(connection, survivor.id, filled))
        if count:
            await self._tickets.tell_many_changed()
        return changed


@contextlib.asynccontextmanager
async def _unique_email(connection: AsyncConnection, email: str | None) -> AsyncIterator[None]:
    """Tell whose e-mail it is where what is written within is refused as another one has it."""
    try:
        async with connection.begin_nested():
            yield
    except IntegrityError as error:
        raise ContactExists(await store.find_with_email(connection, email or "")) from error


def _require(contact: Contact | None) -> Contact:
    if contact is None:
        raise NotFound("There is no contact with this id.")
    return contact
