"""Makes of events what each person is to be told, one message a person, channel and event."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.deliveries.models import deliveries
from app.events.models import Event
from app.notifications import rules, store
from app.notifications.rules import Role
from app.notifications.topics import Topic
from app.tickets.models import tickets


class Told(NamedTuple):
    event_id: UUID
    user_id: UUID
    topic: Topic


async def plan(connection: AsyncConnection, events: Sequence[Event]) -> None:
    """Make the deliveries of events to people. Nobody is told of what they did themselves, or do not want."""
    holders = await _holders(connection, {_ticket_id(event) for event in events if "ticket" in event.data})
    messages = [message for event in events for message in _messages(event, holders)]
    chosen = await store.preferences_of(connection, {message.user_id for message in messages})
    rows = [
        {**message._asdict(), "channel": channel}
        for message in messages
        if message.user_id in chosen
        for channel in chosen[message.user_id].of(message.topic)
    ]
    if rows:
        await connection.execute(insert(deliveries), rows)


def _messages(event: Event, holders: Mapping[UUID, Mapping[Role, UUID | None]]) -> list[Told]:
    """Return what of an event is to be told to whom: one thing each."""
    topics: dict[UUID, Topic] = {}
    for user_id, topic in _concerned(event, holders):
        if user_id not in {None, event.actor_id}:
            topics.setdefault(user_id, topic)
    return [Told(event.id, user_id, topic) for user_id, topic in topics.items()]


def _concerned(event: Event, holders: Mapping[UUID, Mapping[Role, UUID | None]]) -> Iterator[tuple[UUID, Topic]]:
    if event.type.startswith("job."):
        yield UUID(event.data["requestedBy"]), "job_ended"
        return
    if "ticket" not in event.data:
        return
    of_ticket = holders.get(_ticket_id(event), {})
    for role, topic in rules.concerns_of(event.type, event.data):
        user_id = of_ticket.get(role)
        if user_id is not None:
            yield user_id, topic


def _ticket_id(event: Event) -> UUID:
    return UUID(event.data["ticket"]["id"])


async def _holders(connection: AsyncConnection, ticket_ids: set[UUID]) -> dict[UUID, dict[Role, UUID | None]]:
    """Return who tickets belong to now."""
    if not ticket_ids:
        return {}
    statement = select(tickets.c.id, tickets.c.assignee_id, tickets.c.requester_id)
    found = await connection.execute(statement.where(tickets.c.id.in_(ticket_ids), tickets.c.deleted_at.is_(None)))
    return {id_: {"assignee": assignee_id, "requester": requester_id} for id_, assignee_id, requester_id in found}
