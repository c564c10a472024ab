from typing import Final
from uuid import UUID

from app.accounts.models import User
from app.errors import NotFound
from app.history import store
from app.history.models import Change, Place
from app.history.queries import HistoryQuery
from app.pools import Pools
from app.reads import ConnectionReader, Reader

LONG: Final = 100  # changes by hand: each can hold two descriptions, and a page looks through all of them


class Histories:
    """What one user may know of how tickets came to be as they are."""

    def __init__(self, pools: Pools) -> None:
        self._reads = pools.reads
        self._costly = pools.costly

    async def find_page(
        self, user: User, ticket_id: UUID, query: HistoryQuery, *, after: Place | None = None
    ) -> list[Change]:
        """Return what `store.find_page` does.

        Raises:
            NotFound: there is no such ticket; for a requester also, if it is another's or deleted.
            TooManyRequests: its history is long, and the user has two costly reads under way.
        """
        own = user.id if user.role == "requester" else None

        async def find(reader: Reader) -> list[Change] | None:
            return await store.find_page(reader, ticket_id, query, requester_id=own, after=after)

        if await store.is_long(self._reads, ticket_id, requester_id=own, most=LONG):
            found = await self._costly.read(user.id, lambda connection: find(ConnectionReader(connection)))
        else:
            found = await find(self._reads)
        if found is None:
            raise NotFound("There is no ticket with this id, or you may not see it.")
        return found
