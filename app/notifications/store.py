"""The SQL on what people have chosen to be told of; nothing here commits."""

from collections.abc import Collection
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import users
from app.notifications.models import Preferences, notification_preferences

_preferences = notification_preferences.c.preferences


async def preferences_of(connection: AsyncConnection, user_ids: Collection[UUID]) -> dict[UUID, Preferences]:
    """Return what users have chosen, but for those who are shut out."""
    if not user_ids:
        return {}
    found = await connection.execute(
        select(users.c.id, _preferences)
        .outerjoin_from(users, notification_preferences)
        .where(users.c.id.in_(user_ids), users.c.active)
    )
    return {user_id: msgspec.convert(chosen or {}, Preferences) for user_id, chosen in found}


async def choose(connection: AsyncConnection, user_id: UUID, chosen: Preferences) -> None:
    values = {"preferences": msgspec.to_builtins(chosen)}
    statement = insert(notification_preferences).values(user_id=user_id, **values)
    await connection.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=values))
