import time
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET, structs
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import User
from app.errors import FieldError, Forbidden, InvalidRequest, NotFound
from app.pools import Pools
from app.tickets.filters import Filter, SavedFilter
from app.views import store
from app.views.counting import BUDGET_SECONDS, ViewCounts
from app.views.defaults import DEFAULTS
from app.views.errors import TooManyViews, ViewExists
from app.views.models import Count, Place, View
from app.views.queries import ViewQuery

MAX_VIEWS = 100  # a user

_NAME_TAKEN = FieldError("$.name", "You have a view of this name already")


class Views:
    """What one user may do with views: use one's own and those that are shared, change one's own."""

    def __init__(self, pools: Pools) -> None:
        self._engine = pools.engine
        self._counts = ViewCounts(pools.costly)

    async def expand(self, connection: AsyncConnection, user: User, wanted: Filter) -> Filter:
        """Put the fields of the view that a filter names in its place; what the filter says itself stays.

        Raises:
            InvalidRequest: there is no such view, or this user may not use it.
        """
        view = None if wanted.view is UNSET else await _find(connection, wanted.view, user)
        if view is None:
            raise InvalidRequest("There is no view with this id, or you may not use it.")
        saved = structs.asdict(msgspec.convert(view.filter, SavedFilter))
        own = structs.asdict(wanted)
        missing = {name: value for name, value in saved.items() if value is not UNSET and own[name] is UNSET}
        return structs.replace(wanted, view=UNSET, **missing)

    async def find_page(self, user: User, query: ViewQuery, *, after: Place | None = None) -> list[View]:
        """Return what `store.find_page` does, behind the views that everyone has."""
        own = [view for view in _defaults_of(user) if after is None or view.place > after]
        async with self._engine.connect() as connection:
            found = await store.find_page(connection, query, user, after=after)
        return [*own, *found][: query.limit + 1]

    async def get(self, user: User, view_id: UUID) -> View:
        """Raise `NotFound` for a view that is not there, or that this user may not use."""
        async with self._engine.connect() as connection:
            return _require(await _find(connection, view_id, user))

    async def count(self, user: User, view_ids: Collection[UUID]) -> list[Count]:
        """Return what `ViewCounts.of` does in BUDGET_SECONDS; views that this user may not use are left out."""
        ends_at = time.monotonic() + BUDGET_SECONDS
        async with self._engine.connect() as connection:
            found = await store.find_all(connection, view_ids, user)
        by_default = [view for view in _defaults_of(user) if view.id in view_ids]
        return await self._counts.of(user, [*by_default, *found], ends_at=ends_at)

    async def create(self, user: User, values: Mapping[str, Any]) -> View:
        """Save a view.

        Raises:
            Forbidden: a requester shares it, or asks for what is for staff.
            TooManyViews: the user has MAX_VIEWS.
            ViewExists: the user has one of this name.
        """
        _check_rights(user, values)
        async with self._engine.begin() as connection:
            if await store.lock_views_of(connection, user.id) >= MAX_VIEWS:
                raise TooManyViews
            if await store.has_name(connection, user.id, values["name"]):
                raise ViewExists(errors=(_NAME_TAKEN,))
            return await store.add(connection, {**_stored(values), "owner_id": user.id})

    async def change(self, user: User, view_id: UUID, values: Mapping[str, Any]) -> View:
        """Change a view of one's own.

        Raises:
            NotFound: there is no such view.
            Forbidden: it is another user's, or a requester shares it or asks for what is for staff.
            ViewExists: the user has another one of this name.
        """
        _check_rights(user, values)
        async with self._engine.begin() as connection:
            await self._require_own(connection, user, view_id)
            if "name" in values and await store.has_name(connection, user.id, values["name"], besides=view_id):
                raise ViewExists(errors=(_NAME_TAKEN,))
            return await store.change(connection, view_id, _stored(values))

    async def remove(self, user: User, view_id: UUID) -> None:
        """Delete a view of one's own; jobs that were posted with it keep its filter.

        Raises:
            NotFound: there is no such view.
            Forbidden: it is another user's.
        """
        async with self._engine.begin() as connection:
            await self._require_own(connection, user, view_id)
            await store.remove(connection, view_id)

    async def _require_own(self, connection: AsyncConnection, user: User, view_id: UUID) -> None:
        await store.lock_views_of(connection, user.id)
        if _require(await _find(connection, view_id, user)).owner_id != user.id:
            raise Forbidden("Only its owner may change a view.")


def _check_rights(user: User, values: Mapping[str, Any]) -> None:
    if user.is_staff:
        return
    if values.get("shared_with"):
        raise Forbidden("Views are shared by agents and admins.")
    if "filter" in values and values["filter"].is_for_staff:
        raise Forbidden("Deleted tickets and contacts are for agents and admins.")


def _defaults_of(user: User) -> list[View]:
    return [view for view in DEFAULTS if user.role in view.shared_with]


async def _find(connection: AsyncConnection, view_id: UUID, user: User) -> View | None:
    """Find a view that this user may use."""
    by_default = (view for view in _defaults_of(user) if view.id == view_id)
    return next(by_default, None) or await store.find(connection, view_id, user)


def _stored(values: Mapping[str, Any]) -> dict[str, Any]:
    return {**values, **({"filter": msgspec.to_builtins(values["filter"])} if "filter" in values else {})}


def _require(view: View | None) -> View:
    if view is None:
        raise NotFound("There is no view with this id, or you may not use it.")
    return view
