from uuid import UUID

from app.accounts.models import User
from app.errors import NotFound
from app.history import store
from app.history.models import Change, Place
from app.history.queries import HistoryQuery
from app.pools import Pools


class Histories:
    """What one user may know of how tickets came to be as they are."""

    def __init__(self, pools: Pools) -> None:
        self._reads = pools.reads

    async def find_page(
        self, user: User, ticket_id: UUID, query: HistoryQuery, *, after: Place | None = None
    ) -> list[Change]:
        """Return what `store.find_page` does.

        Raises:
            NotFound: there is no such ticket; for a requester also, if it is another's or deleted.
        """
        own = user.id if user.role == "requester" else None
        found = await store.find_page(self._reads, ticket_id, query, requester_id=own, after=after)
        if found is None:
            raise NotFound("There is no ticket with this id, or you may not see it.")
        return found
