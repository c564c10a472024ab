"""How many tickets views match, for a list of them that is looked at all day: never slow, so not always told."""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec
from msgspec import structs
from sqlalchemy import func, select, true
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import User
from app.costly import CostlyReads
from app.errors import TooManyRequests
from app.outages import sqlstate_of
from app.reads import ConnectionReader
from app.tickets import store as tickets
from app.tickets.filters import SavedFilter, TicketQuery, meant_by
from app.views.models import Count, View

MOST: Final = 1_000  # more is said to be more
BUDGET_SECONDS: Final = 0.06  # for all that are asked for at once; the rest of 100 ms is for the answer
LEAST_SECONDS: Final = 0.002
KEEP_SECONDS: Final = 5.0
MOST_KEPT: Final = 10_000
QUERY_CANCELED: Final = "57014"

Key = tuple[UUID | None, bytes]  # whose tickets, and the filter


class ViewCounts:
    """Counts what there is time for, and keeps it for KEEP_SECONDS."""

    def __init__(self, costly: CostlyReads) -> None:
        self._costly = costly
        self._kept: dict[Key, tuple[float, int | None]] = {}

    async def of(self, user: User, views: Sequence[View], *, ends_at: float) -> list[Count]:
        """Count the tickets that each view matches for a user, until `ends_at`, by `time.monotonic()`."""
        asked = {view.id: meant_by(user, _query(view)) for view in views}
        missing = {view_id: query for view_id, query in asked.items() if not self._is_kept(_key(user, query))}
        if missing:
            await self._count(user, list(missing.values()), ends_at)
        return [_told(view_id, self._kept.get(_key(user, query), (0.0, None))[1]) for view_id, query in asked.items()]

    def _is_kept(self, key: Key) -> bool:
        until, _ = self._kept.get(key, (0.0, None))
        return until > time.monotonic()

    async def _count(self, user: User, queries: Sequence[TicketQuery], ends_at: float) -> None:
        async with contextlib.AsyncExitStack() as stack:
            try:
                async with asyncio.timeout(ends_at - time.monotonic()):
                    connection = await stack.enter_async_context(self._costly.connect(user.id))
            except (TimeoutError, TooManyRequests):
                return
            for query in queries:
                left_seconds = ends_at - time.monotonic()
                if left_seconds < LEAST_SECONDS:
                    return
                self._keep(_key(user, query), await _counted(connection, query, _own_only(user), left_seconds))

    def _keep(self, key: Key, count: int | None) -> None:
        self._kept.pop(key, None)
        self._kept[key] = (time.monotonic() + KEEP_SECONDS, count)
        if len(self._kept) > MOST_KEPT:
            self._kept.pop(next(iter(self._kept)))


async def _counted(
    connection: AsyncConnection, query: TicketQuery, requester_id: UUID | None, seconds: float
) -> int | None:
    """Return how many tickets match, MOST + 1 where there are more; None if that takes longer than `seconds`."""
    try:
        async with connection.begin():
            milliseconds = f"{int(seconds * 1000)}ms"
            await connection.execute(select(func.set_config("statement_timeout", milliseconds, true())))
            return await tickets.count(ConnectionReader(connection), query, requester_id=requester_id, most=MOST)
    except DBAPIError as error:
        if sqlstate_of(error) != QUERY_CANCELED:
            raise
        return None


def _query(view: View) -> TicketQuery:
    return TicketQuery(**structs.asdict(msgspec.convert(view.filter, SavedFilter)))


def _key(user: User, query: TicketQuery) -> Key:
    return _own_only(user), msgspec.json.encode(query)


def _own_only(user: User) -> UUID | None:
    return user.id if user.role == "requester" else None


def _told(view_id: UUID, count: int | None) -> Count:
    return Count(view_id, count if count is None else min(count, MOST), is_more=count is not None and count > MOST)
