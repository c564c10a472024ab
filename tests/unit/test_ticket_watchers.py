from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID, uuid4

import msgspec
import pytest

from app.accounts.models import Person, Role, User
from app.realtime.errors import TooManyOpen
from app.tickets import events
from app.tickets.models import Head
from app.tickets.watchers import MAX_OPEN, SIGN_OF_LIFE_SECONDS, SILENCE_SECONDS, Presence, Watchers

TICKET, OTHER = uuid4(), uuid4()
HERE, THERE = uuid4(), uuid4()
GRACE, LINUS = Person(uuid4(), "grace"), Person(uuid4(), "linus")


class FakeClient:
    is_connected = True

    def __init__(self, person: Person = GRACE, role: Role = "agent") -> None:
        self.user = User(person.id, person.username, "", role, active=True, created_at=datetime.now(UTC))

    async def enter(self, room: str) -> None: ...

    async def leave(self, room: str) -> None: ...

    async def send(self, event: str, payload: object) -> None: ...


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def viewing(*people: Person) -> Mapping[UUID, frozenset[Person]]:
    return {TICKET: frozenset(people)}


def test_a_ticket_is_watched_until_its_last_client_leaves_or_is_gone() -> None:
    watchers, stays, goes = Watchers(), FakeClient(), FakeClient(LINUS)
    for client in (stays, goes):
        watchers.add(client, TICKET, 1)
    goes.is_connected = False
    assert watchers.of(TICKET) == [stays]
    watchers.remove_gone()
    assert list(watchers.tickets()) == [TICKET]
    watchers.remove(stays, TICKET)
    watchers.remove(stays, OTHER)
    assert list(watchers.tickets()) == []


def test_a_version_is_news_once_and_an_older_one_never() -> None:
    watchers = Watchers()
    assert not watchers.is_news(TICKET, 9)  # nobody watches
    watchers.add(FakeClient(), TICKET, 3)
    assert [watchers.is_news(TICKET, version) for version in (2, 3, 5, 5, 4, 6)] == [
        False,
        False,
        True,
        False,
        False,
        True,
    ]


def test_what_a_newcomer_has_read_is_still_news_to_the_others() -> None:
    watchers = Watchers()
    watchers.add(FakeClient(), TICKET, 3)
    watchers.add(FakeClient(LINUS), TICKET, 4)
    assert watchers.is_news(TICKET, 4)


def test_a_client_watches_only_so_many() -> None:
    watchers, client = Watchers(), FakeClient()
    ids = [uuid4() for _ in range(MAX_OPEN)]
    for ticket_id in ids:
        watchers.add(client, ticket_id, 1)
    watchers.add(client, ids[0], 1)
    with pytest.raises(TooManyOpen):
        watchers.add(client, TICKET, 1)
    watchers.add(FakeClient(), TICKET, 1)
    watchers.remove(client, ids[0])
    watchers.add(client, TICKET, 1)


def test_viewers_are_staff_and_each_once() -> None:
    watchers = Watchers()
    for client in (FakeClient(), FakeClient(), FakeClient(LINUS, "requester")):
        watchers.add(client, TICKET, 1)
    watchers.add(FakeClient(LINUS, "requester"), OTHER, 1)
    assert watchers.viewers() == viewing(GRACE)


def test_viewers_of_all_processes_are_put_together_by_name() -> None:
    presence = Presence(Clock())
    presence.hear(HERE, viewing(LINUS, GRACE))
    presence.hear(THERE, viewing(GRACE))
    assert presence.of(TICKET) == [GRACE, LINUS]
    assert presence.of(OTHER) == []
    presence.hear(HERE, {})
    assert presence.of(TICKET) == [GRACE]


def test_a_process_that_falls_silent_is_forgotten() -> None:
    clock = Clock()
    presence = Presence(clock)
    presence.hear(THERE, viewing(GRACE))
    clock.now += SILENCE_SECONDS - 0.1
    assert presence.of(TICKET) == [GRACE]
    clock.now += 0.1
    assert presence.of(TICKET) == []


def test_a_process_speaks_of_changes_at_once_and_of_the_rest_as_a_sign_of_life() -> None:
    clock = Clock()
    presence = Presence(clock)
    assert not presence.is_due(HERE, {})
    assert presence.is_due(HERE, viewing(GRACE))
    presence.hear(HERE, viewing(GRACE))
    assert not presence.is_due(HERE, viewing(GRACE))
    assert presence.is_due(HERE, viewing(LINUS))
    assert presence.is_due(HERE, {})
    clock.now += SIGN_OF_LIFE_SECONDS
    assert presence.is_due(HERE, viewing(GRACE))
    presence.hear(HERE, {})
    clock.now += SIGN_OF_LIFE_SECONDS
    assert not presence.is_due(HERE, {})


def test_each_message_between_processes_is_read_as_what_it_was() -> None:
    head = Head(TICKET, 7, LINUS.id, 3)
    at, by = datetime.now(UTC), FakeClient().user
    messages: list[events.Message] = [
        events.of("tickets:updated", head, at=at, by=None),
        events.commented(head, OTHER, "added", at=at, by=by, internal=True),
        events.ManyChanged(),
        events.Typing(TICKET, GRACE),
        events.Viewing(HERE, dict(viewing(GRACE, LINUS))),
    ]
    for message in messages:
        assert msgspec.msgpack.decode(msgspec.msgpack.encode(message), type=events.Message) == message


def test_what_is_internal_goes_to_staff_alone() -> None:
    head = Head(TICKET, 7, LINUS.id, 3)
    told = [
        events.commented(head, OTHER, "added", at=datetime.now(UTC), by=FakeClient().user, internal=internal)
        for internal in (True, False)
    ]
    assert [event.rooms for event in told] == [["staff"], ["staff", f"requester:{LINUS.id}"]]


def test_clients_see_a_payload_in_camel_case_and_of_a_comment_its_id() -> None:
    head, at, by = Head(TICKET, 7, LINUS.id, 3), datetime.now(UTC), FakeClient().user
    seen = msgspec.to_builtins(events.of("tickets:updated", head, at=at, by=by).payload)
    assert list(seen) == ["ticketId", "number", "version", "at", "by"]
    assert seen["by"] == {"id": str(GRACE.id), "username": "grace"}
    seen = msgspec.to_builtins(events.commented(head, OTHER, "edited", at=at, by=by, internal=False).payload)
    assert (seen["commentId"], seen["comment"]) == (str(OTHER), "edited")
