"""Who is concerned by what happened: the one place that knows."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, NamedTuple

from app.notifications.topics import Topic
from app.tickets.types import optics

Role = Literal["assignee", "requester", "admins"]

DONE: Final = frozenset({"resolved", "closed", "fulfilled"})


class Concern(NamedTuple):
    """Who is concerned, by what they are to a ticket or at all, and what of it concerns them."""

    role: Role
    topic: Topic


ALWAYS: Final[dict[str, Concern]] = {
    "ticket.breached": Concern("assignee", "breached"),
    "ticket.approval_requested": Concern("assignee", "to_decide"),
    "ticket.approved": Concern("requester", "decided"),
    "ticket.rejected": Concern("requester", "decided"),
    "inventory.low": Concern("admins", "low_stock"),
}


def concerns_of(name: str, data: Mapping[str, Any]) -> list[Concern]:
    """Return who is concerned by an event; in a person's case the first is what they are told."""
    if name in ALWAYS:
        return [ALWAYS[name]]
    match name:
        case "ticket.created":
            return list(_of_new(data["ticket"]))
        case "ticket.updated":
            return list(_of_changes(data["changes"], waits=_waits(data)))
        case "ticket.commented" if data["comment"]["internal"]:
            return [Concern("assignee", "commented")]
        case "ticket.commented":
            return [Concern("assignee", "commented"), Concern("requester", "answered")]
        case _:
            return []


def _of_new(ticket: Mapping[str, Any]) -> Iterator[Concern]:
    if ticket.get("status") != "pending_approval":
        yield Concern("assignee", "assigned")
    if ticket.get("type") == optics.TYPE.name:
        yield Concern("admins", "requested")
    yield Concern("admins", "created")


def _waits(data: Mapping[str, Any]) -> bool:
    """Tell whether a ticket waits for approval, which its assignee is asked for by an event of its own."""
    return bool(data["ticket"].get("status") == "pending_approval")


def _of_changes(changes: Mapping[str, Any], *, waits: bool) -> Iterator[Concern]:
    if "assigneeId" in changes and not waits:
        yield Concern("assignee", "assigned")
    before, after = changes.get("status", (None, None))
    if after in DONE and before not in DONE and "mergedInto" not in changes:
        yield Concern("requester", "solved")
