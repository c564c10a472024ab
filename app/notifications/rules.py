"""Who is concerned by what happened: the one place that knows."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, NamedTuple

from app.notifications.topics import Topic

Role = Literal["assignee", "requester"]

DONE: Final = frozenset({"resolved", "closed"})


class Concern(NamedTuple):
    """Someone by what they are to a ticket, and what of it concerns them."""

    role: Role
    topic: Topic


def concerns_of(name: str, data: Mapping[str, Any]) -> list[Concern]:
    """Return who is concerned by an event on a ticket; in a person's case the first is what they are told."""
    match name:
        case "ticket.created":
            return [Concern("assignee", "assigned")]
        case "ticket.updated":
            return list(_of_changes(data["changes"]))
        case "ticket.commented" if data["comment"]["internal"]:
            return [Concern("assignee", "commented")]
        case "ticket.commented":
            return [Concern("assignee", "commented"), Concern("requester", "answered")]
        case "ticket.breached":
            return [Concern("assignee", "breached")]
        case _:
            return []


def _of_changes(changes: Mapping[str, Any]) -> Iterator[Concern]:
    if "assigneeId" in changes:
        yield Concern("assignee", "assigned")
    before, after = changes.get("status", (None, None))
    if after in DONE and before not in DONE and "mergedInto" not in changes:
        yield Concern("requester", "solved")
