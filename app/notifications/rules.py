"""Who is concerned by what happened: the one place that knows."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal, NamedTuple

from app.notifications.topics import Topic

Role = Literal["assignee", "requester"]

DONE: Final = frozenset({"resolved", "closed", "fulfilled"})


class Concern(NamedTuple):
    """Someone by what they are to a ticket, and what of it concerns them."""

    role: Role
    topic: Topic


ALWAYS: Final[dict[str, Concern]] = {
    "ticket.breached": Concern("assignee", "breached"),
    "ticket.approval_requested": Concern("assignee", "to_decide"),
    "ticket.approved": Concern("requester", "decided"),
    "ticket.rejected": Concern("requester", "decided"),
}


def concerns_of(name: str, data: Mapping[str, Any]) -> list[Concern]:
    """Return who is concerned by an event on a ticket; in a person's case the first is what they are told."""
    if name in ALWAYS:
        return [ALWAYS[name]]
    match name:
        case "ticket.created" if not _waits(data):
            return [Concern("assignee", "assigned")]
        case "ticket.updated":
            return list(_of_changes(data["changes"], waits=_waits(data)))
        case "ticket.commented" if data["comment"]["internal"]:
            return [Concern("assignee", "commented")]
        case "ticket.commented":
            return [Concern("assignee", "commented"), Concern("requester", "answered")]
        case _:
            return []


def _waits(data: Mapping[str, Any]) -> bool:
    """Tell whether a ticket waits for approval, which its assignee is asked for by an event of its own."""
    return bool(data["ticket"].get("status") == "pending_approval")


def _of_changes(changes: Mapping[str, Any], *, waits: bool) -> Iterator[Concern]:
    if "assigneeId" in changes and not waits:
        yield Concern("assignee", "assigned")
    before, after = changes.get("status", (None, None))
    if after in DONE and before not in DONE and "mergedInto" not in changes:
        yield Concern("requester", "solved")
