"""The SQL on saved views; nothing here commits."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, any_, delete, func, insert, literal, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import User
from app.views.models import Place, View, views
from app.views.queries import ViewQuery

_VIEW = [views.c[name] for name in View.__struct_fields__]
_NAME = func.lower(views.c.name)
_PLACE = (views.c.position, _NAME, views.c.id)


_IS_FOR_STAFF = views.c.filter.has_key("contactId") | views.c.filter.contains({"deleted": True})


def usable_by(user: User) -> ColumnElement[bool]:
    """Limit to a user's own views and those that are shared with them; see `SavedFilter.is_for_staff`."""
    usable = (views.c.owner_id == user.id) | (literal(user.role) == any_(views.c.shared_with))
    return usable if user.is_staff else usable & ~_IS_FOR_STAFF


async def find_page(connection: AsyncConnection, query: ViewQuery, user: User, *, after: Place | None) -> list[View]:
    """Return the views that a user may use, in their order, and one more than the query's limit."""
    statement = select(*_VIEW).where(usable_by(user)).order_by(*_PLACE).limit(query.limit + 1)
    if after is not None:
        statement = statement.where(tuple_(*_PLACE) > tuple_(*after))
    return [View(*row) for row in await connection.execute(statement)]


async def find(connection: AsyncConnection, view_id: UUID, user: User) -> View | None:
    """Find a view that this user may use."""
    statement = select(*_VIEW).where(views.c.id == view_id, usable_by(user))
    row = (await connection.execute(statement)).one_or_none()
    return View(*row) if row else None


async def find_all(connection: AsyncConnection, view_ids: Collection[UUID], user: User) -> list[View]:
    """Find those of these views that this user may use."""
    statement = select(*_VIEW).where(views.c.id.in_(view_ids), usable_by(user))
    return [View(*row) for row in await connection.execute(statement)]


async def lock_views_of(connection: AsyncConnection, user_id: UUID) -> int:
    """Return how many views a user has; until the transaction ends, nobody else adds or renames one of them."""
    await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"views of {user_id}", 0))))
    return await connection.scalar(select(func.count()).where(views.c.owner_id == user_id)) or 0


async def has_name(connection: AsyncConnection, user_id: UUID, name: str, *, besides: UUID | None = None) -> bool:
    """Tell whether a user has a view of this name, in any case, that is not the one given."""
    statement = select(views.c.id).where(views.c.owner_id == user_id, func.lower(name) == _NAME)
    return (await connection.scalar(statement)) not in {None, besides}


async def add(connection: AsyncConnection, values: Mapping[str, Any]) -> View:
    return View(*(await connection.execute(insert(views).values(**values).returning(*_VIEW))).one())


async def change(connection: AsyncConnection, view_id: UUID, values: Mapping[str, Any]) -> View:
    changed = {"updated_at": func.clock_timestamp(), **values}
    statement = update(views).where(views.c.id == view_id).values(**changed).returning(*_VIEW)
    return View(*(await connection.execute(statement)).one())


async def remove(connection: AsyncConnection, view_id: UUID) -> None:
    await connection.execute(delete(views).where(views.c.id == view_id))
