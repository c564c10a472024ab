"""The AsyncAPI document of the sockets, made of the events' structs: `python -m app.asyncapi`."""

import functools
import json
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Struct

from app.accounts.models import Person
from app.http.examples import JOB, TICKET, USER
from app.jobs import events as jobs
from app.jobs.status import Status
from app.tickets import events as tickets
from app.tickets.schemas import TicketResponse
from app.version import VERSION

Json = dict[str, Any]

SCHEMA: Final = "#/components/schemas/{name}"
NAMESPACE: Final = {"$ref": "#/channels/namespace"}
DESCRIPTION: Final = """\
What is told live, over Socket.IO 4 at `/socket.io`, in its namespace `/`. A message is an event: a name, one payload.
A socket gives its token as `auth: {token}` when it connects, and is closed when the token expires or its user's rights
change. At connect it is told where the latest jobs stand that it may know of; whoever reconnects subscribes again, and
the ack has what was missed."""


class Refusal(Struct, rename="camel"):
    """What was asked for is not given; `error` is a stable code, as those of HTTP are."""

    ok: Literal[False]
    error: str


class Done(Struct):
    """It is done, and there is nothing to tell."""

    ok: Literal[True]


class JobsAck(Struct):
    """Where jobs stand at this moment; newer events follow."""

    ok: Literal[True]
    jobs: list[jobs.Payload]


class JobAck(Struct):
    """Where the job stands at this moment; newer events follow."""

    ok: Literal[True]
    job: jobs.Payload


class TicketAck(Struct):
    """The ticket at this moment; newer events follow."""

    ok: Literal[True]
    ticket: TicketResponse


class UserId(Struct, rename="camel"):
    user_id: UUID


class JobId(Struct, rename="camel"):
    job_id: UUID


class TicketId(Struct, rename="camel"):
    ticket_id: UUID


class Event(NamedTuple):
    summary: str
    example: Struct


class Ask(NamedTuple):
    summary: str
    example: Struct | None
    ack: type[Struct]


_AT: Final = datetime(2026, 11, 21, 1, 1, 6, tzinfo=UTC)
_ADA: Final = Person(UUID(USER), "ada")
_CHANGE: Final = tickets.Payload(UUID(TICKET), 4711, 4, _AT, _ADA)
_COMMENT: Final = msgspec.structs.replace(_CHANGE, comment_id=UUID(JOB), comment="added")


def _job(status: Status, done: int, seq: int, rate: float | None = None) -> jobs.Payload:
    counts = (done * 100 // 5000, 5000, done, done, 0, 5000 - done)
    return jobs.Payload(
        UUID(JOB), None, "bulk-delete", status, *counts, seq, _AT, rate, (5000 - done) / rate if rate else None
    )


EVENTS: Final[Mapping[str, Event]] = {
    "jobs:created": Event("A job is stored, and waits", _job(Status.QUEUED, 0, 1)),
    "jobs:progress": Event("A job goes on; ten a second at most", _job(Status.RUNNING, 2700, 5, 20000.0)),
    "jobs:paused": Event("A job stands still until it is resumed", _job(Status.PAUSED, 2700, 6)),
    "jobs:resumed": Event("A job that was paused goes on", _job(Status.RUNNING, 2700, 7)),
    "jobs:completed": Event("A job has tried all of its items", _job(Status.COMPLETED, 5000, 9)),
    "jobs:failed": Event("A job cannot go on", _job(Status.FAILED, 2700, 6)),
    "jobs:canceled": Event("A job was canceled", _job(Status.CANCELED, 2700, 6)),
    "tickets:created": Event("There is a new ticket", msgspec.structs.replace(_CHANGE, version=1)),
    "tickets:updated": Event("A ticket has changed", _CHANGE),
    "tickets:deleted": Event("A ticket was deleted", _CHANGE),
    "tickets:commented": Event("A comment was added, edited or removed", _COMMENT),
    "tickets:breached": Event("An answer or a solution is overdue", msgspec.structs.replace(_CHANGE, by=None)),
    tickets.CHANGED: Event("Many tickets have changed: to agents and admins", tickets.ChangedPayload(_AT)),
    tickets.VIEWERS: Event("Who has a ticket open", tickets.ViewersPayload(UUID(TICKET), [_ADA])),
    tickets.TYPING: Event("Someone writes on a ticket", tickets.TypingPayload(UUID(TICKET), _ADA)),
}

ASKS: Final[Mapping[str, Ask]] = {
    "join:user": Ask("Hear of a user's jobs: one's own, or anyone's as an admin", UserId(UUID(USER)), JobsAck),
    "join:admin": Ask("Hear of all jobs, as an admin", None, JobsAck),
    "job:subscribe": Ask("Hear of a job", JobId(UUID(JOB)), JobAck),
    "job:unsubscribe": Ask("Hear of it no more", JobId(UUID(JOB)), Done),
    "ticket:subscribe": Ask("Have a ticket open", TicketId(UUID(TICKET)), TicketAck),
    "ticket:unsubscribe": Ask("Have it open no more", TicketId(UUID(TICKET)), Done),
    "ticket:typing": Ask("Say that one writes on it, as an agent or an admin", TicketId(UUID(TICKET)), Done),
}


def document() -> Json:
    """Return it; what two slices call a payload has their names in it."""
    said = msgspec.json.encode(_document()).decode()
    made: Json = json.loads(re.sub(r"app\.(\w+)s\.events\.Payload", lambda found: f"{found[1].title()}Payload", said))
    return made


def _document() -> Json:
    messages = dict(_messages())
    return {
        "asyncapi": "3.1.0",
        "info": {"title": "Bulkhead", "version": VERSION, "description": DESCRIPTION, "license": {"name": "MIT"}},
        "defaultContentType": "application/json",
        "servers": {"here": _server()},
        "channels": {
            "namespace": {
                "address": "/",
                "description": "The one namespace of Socket.IO that there is",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
            }
        },
        "operations": dict(_operations()),
        "components": {
            "messages": messages,
            "schemas": _schemas()[1],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def text() -> str:
    """Return it in an order that only changes of the contract change."""
    return json.dumps(document(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def key_of(event: str) -> str:
    """Return what an event is called where a colon may not be."""
    return event.replace(":", "_")


def _server() -> Json:
    return {
        "host": "127.0.0.1:3001",
        "pathname": "/socket.io/",
        "protocol": "ws",
        "description": "Socket.IO, Engine.IO 4",
        "security": [{"$ref": "#/components/securitySchemes/token"}],
    }


def _messages() -> Iterator[tuple[str, Json]]:
    for name, event in EVENTS.items():
        yield key_of(name), _message(name, event.summary, event.example)
    for name, ask in ASKS.items():
        yield key_of(name), _message(name, ask.summary, ask.example)
    for ack in sorted(_acks(), key=lambda ack: ack.__name__):
        yield ack.__name__, {"name": "ack", "summary": ack.__doc__, "payload": _schemas()[0][ack]}


def _message(name: str, summary: str, example: Struct | None) -> Json:
    if example is None:
        return {"name": name, "summary": summary, "payload": {"description": "It has none"}}
    shown = msgspec.to_builtins(example)
    return {"name": name, "summary": summary, "payload": _schemas()[0][type(example)], "examples": [{"payload": shown}]}


def _operations() -> Iterator[tuple[str, Json]]:
    for name, event in EVENTS.items():
        yield key_of(name), {"action": "send", "summary": event.summary} | _says(key_of(name))
    for name, ask in ASKS.items():
        ack = {"channel": NAMESPACE, "messages": _says(ask.ack.__name__, Refusal.__name__)["messages"]}
        yield key_of(name), {"action": "receive", "summary": ask.summary, "reply": ack} | _says(key_of(name))


def _says(*keys: str) -> Json:
    return {"channel": NAMESPACE, "messages": [{"$ref": f"#/channels/namespace/messages/{key}"} for key in keys]}


def _acks() -> set[type[Struct]]:
    return {Refusal, *(ask.ack for ask in ASKS.values())}


@functools.cache
def _schemas() -> tuple[Mapping[type[Struct], Json], Json]:
    """Return what refers to the schema of each struct, and the schemas."""
    examples = [event.example for event in EVENTS.values()] + [ask.example for ask in ASKS.values() if ask.example]
    structs = sorted({type(example) for example in examples} | _acks(), key=str)
    references, schemas = msgspec.json.schema_components(structs, ref_template=SCHEMA)
    return dict(zip(structs, references, strict=True)), schemas


if __name__ == "__main__":
    sys.stdout.write(text())
