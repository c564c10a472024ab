"""Makes of events what each person is to be told, one message a person, channel and event."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import users
from app.deliveries.models import deliveries
from app.events.models import Event
from app.notifications import rules, store
from app.notifications.addresses import Addresses
from app.notifications.models import Preferences
from app.notifications.rules import Concern, Role
from app.notifications.topics import Topic
from app.tickets.models import tickets


class _People(NamedTuple):
    """holders: who tickets belong to now, by the tickets' ids."""

    holders: Mapping[UUID, Mapping[Role, UUID | None]]
    admins: Collection[UUID]


class _Concerned(NamedTuple):
    """Whom an event concerns, a user or an address, and why, the weightiest reason first."""

    event_id: UUID
    recipient: UUID | str
    topics: list[Topic]


async def plan(connection: AsyncConnection, events: Sequence[Event], addresses: Addresses) -> None:
    """Make the deliveries of events to people. Nobody is told of what they did themselves, or do not want."""
    people = _People(
        await _holders(connection, {_ticket_id(event) for event in events if "ticket" in event.data}),
        await _admins(connection),
    )
    concerned = [each for event in events for each in _concerned(event, people, addresses)]
    user_ids = {each.recipient for each in concerned if isinstance(each.recipient, UUID)}
    chosen = await store.preferences_of(connection, user_ids)
    rows = [row for each in concerned for row in _messages(each, chosen)]
    if rows:
        await connection.execute(insert(deliveries), rows)


def _messages(concerned: _Concerned, chosen: Mapping[UUID, Preferences]) -> list[dict[str, Any]]:
    """Return the messages of one event to one recipient: of the first reason for which they want any."""
    event_id, recipient, topics = concerned
    message = {"event_id": event_id, "user_id": None, "address": None}
    if isinstance(recipient, str):
        return [{**message, "address": recipient, "topic": topics[0], "channel": "email"}]
    if recipient in chosen:
        for topic in topics:
            if channels := chosen[recipient].of(topic):
                return [{**message, "user_id": recipient, "topic": topic, "channel": channel} for channel in channels]
    return []


def _concerned(event: Event, people: _People, addresses: Addresses) -> list[_Concerned]:
    topics = defaultdict[UUID | str, list[Topic]](list)
    for recipient, topic in _reasons(event, people, addresses):
        if recipient is not None and recipient != event.actor_id:
            topics[recipient].append(topic)
    return [_Concerned(event.id, *each) for each in topics.items()]


def _reasons(event: Event, people: _People, addresses: Addresses) -> Iterator[tuple[UUID | str | None, Topic]]:
    if event.type.startswith("job."):
        yield UUID(event.data["requestedBy"]), "job_ended"
    elif "ticket" in event.data:
        of_ticket = people.holders.get(_ticket_id(event))
        if of_ticket is not None:
            others = [admin for admin in people.admins if admin != of_ticket["assignee"]]
            for concern in rules.concerns_of(event.type, event.data):
                yield from _recipients(concern, of_ticket, others, addresses)
    elif "item" in event.data:
        for concern in rules.concerns_of(event.type, event.data):
            yield from _recipients(concern, {}, people.admins, addresses)


def _recipients(
    concern: Concern, holders: Mapping[Role, UUID | None], admins: Collection[UUID], addresses: Addresses
) -> Iterator[tuple[UUID | str | None, Topic]]:
    """Yield who an event concerns; admins are not told of requests for optics where others are there for that."""
    role, topic = concern
    if role != "admins":
        yield holders.get(role), topic
        return
    named = addresses.of(topic)
    yield from ((address, topic) for address in named)
    if topic != "requested" or not named:
        yield from ((admin, topic) for admin in admins)


def _ticket_id(event: Event) -> UUID:
    return UUID(event.data["ticket"]["id"])


async def _holders(connection: AsyncConnection, ticket_ids: set[UUID]) -> dict[UUID, dict[Role, UUID | None]]:
    if not ticket_ids:
        return {}
    statement = select(tickets.c.id, tickets.c.assignee_id, tickets.c.requester_id)
    found = await connection.execute(statement.where(tickets.c.id.in_(ticket_ids), tickets.c.deleted_at.is_(None)))
    return {id_: {"assignee": assignee_id, "requester": requester_id} for id_, assignee_id, requester_id in found}


async def _admins(connection: AsyncConnection) -> list[UUID]:
    return list((await connection.execute(select(users.c.id).where(users.c.role == "admin", users.c.active))).scalars())
