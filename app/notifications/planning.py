"""Makes of events what each person is to be told, one message a person, channel and event."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import users
from app.deliveries.models import deliveries
from app.events.models import Event
from app.notifications import rules, store
from app.notifications.addresses import Addresses
from app.notifications.models import PersonChannel, Preferences
from app.notifications.rules import Concern, Role
from app.notifications.topics import Topic
from app.tickets.models import tickets


class _People(NamedTuple):
    """holders: who tickets belong to now, by the tickets' ids."""

    holders: Mapping[UUID, Mapping[Role, UUID | None]]
    admins: Collection[UUID]


class _Told(NamedTuple):
    event_id: UUID
    user_id: UUID | None
    address: str | None
    topic: Topic


async def plan(connection: AsyncConnection, events: Sequence[Event], addresses: Addresses) -> None:
    """Make the deliveries of events to people. Nobody is told of what they did themselves, or do not want."""
    people = _People(
        await _holders(connection, {_ticket_id(event) for event in events if "ticket" in event.data}),
        await _admins(connection),
    )
    told = [each for event in events for each in _messages(event, people, addresses)]
    chosen = await store.preferences_of(connection, {each.user_id for each in told if each.user_id})
    rows = [
        {**each._asdict(), "channel": channel}
        for each in told
        for channel in (["email"] if each.user_id is None else _channels(chosen.get(each.user_id), each.topic))
    ]
    if rows:
        await connection.execute(insert(deliveries), rows)


def _channels(chosen: Preferences | None, topic: Topic) -> Collection[PersonChannel]:
    return chosen.of(topic) if chosen else ()


def _messages(event: Event, people: _People, addresses: Addresses) -> list[_Told]:
    """Return what of an event is to be told to whom: one thing each."""
    topics: dict[UUID | str, Topic] = {}
    for recipient, topic in _concerned(event, people, addresses):
        if recipient not in {None, event.actor_id}:
            topics.setdefault(recipient, topic)
    return [_told(event.id, recipient, topic) for recipient, topic in topics.items()]


def _told(event_id: UUID, recipient: UUID | str, topic: Topic) -> _Told:
    if isinstance(recipient, str):
        return _Told(event_id, None, recipient, topic)
    return _Told(event_id, recipient, None, topic)


def _concerned(event: Event, people: _People, addresses: Addresses) -> Iterator[tuple[UUID | str | None, Topic]]:
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
