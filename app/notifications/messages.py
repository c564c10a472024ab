"""The SQL on what people are told; nothing here commits."""

from typing import Any, Final
from uuid import UUID

from msgspec import UNSET
from sqlalchemy import Row, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import Person, users
from app.deliveries.models import deliveries
from app.deliveries.queries import DeliveryQuery
from app.deliveries.store import LAST
from app.events.models import events
from app.notifications.models import Message

OF_PEOPLE: Final = deliveries.c.webhook_id.is_(None)

_COLUMNS = {**deliveries.c, "type": events.c.type, "status_code": LAST.c.status_code, "error": LAST.c.error}
_OWN = [name for name in Message.__struct_fields__ if name != "user"]
_FOUND = (
    select(users.c.id.label("user_id"), users.c.username, *(_COLUMNS[name] for name in _OWN))
    .join_from(deliveries, events)
    .outerjoin(users, users.c.id == deliveries.c.user_id)
    .outerjoin(LAST, true())
    .where(OF_PEOPLE)
)


async def find_page(connection: AsyncConnection, query: DeliveryQuery, *, below_id: UUID | None) -> list[Message]:
    """Return the newest messages, and one more than the query's limit."""
    statement = _FOUND.order_by(deliveries.c.id.desc()).limit(query.limit + 1)
    if query.status is not UNSET:
        statement = statement.where(deliveries.c.status == query.status)
    if below_id is not None:
        statement = statement.where(deliveries.c.id < below_id)
    return [_message(row) for row in await connection.execute(statement)]


async def find(connection: AsyncConnection, message_id: UUID) -> Message | None:
    row = (await connection.execute(_FOUND.where(deliveries.c.id == message_id))).one_or_none()
    return _message(row) if row else None


def _message(row: Row[Any]) -> Message:
    user = Person(row.user_id, row.username) if row.user_id else None
    return Message(user=user, **{name: getattr(row, name) for name in _OWN})
