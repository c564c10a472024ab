"""The states of a ticket, and every way from one to another."""

from typing import Final, Literal, get_args

Status = Literal["open", "in_progress", "pending", "resolved", "closed"]

STATUSES: Final[tuple[Status, ...]] = get_args(Status)

# For changes by hand and for bulk updates. An undo restores what was before, whatever that is: it is not a move.
ARROWS: Final[dict[tuple[Status, Status], str]] = {
    ("open", "in_progress"): "someone begins with it",
    ("open", "pending"): "the contact is asked before anyone begins",
    ("open", "resolved"): "the answer is known at once",
    ("open", "closed"): "there is nothing to do, as with spam and duplicates",
    ("in_progress", "open"): "whoever had begun leaves it to others",
    ("in_progress", "pending"): "work waits for the contact",
    ("in_progress", "resolved"): "the work is done",
    ("in_progress", "closed"): "the work is given up",
    ("pending", "open"): "the contact has answered, and nobody is at it",
    ("pending", "in_progress"): "the contact has answered, and work goes on",
    ("pending", "resolved"): "the contact needs nothing more",
    ("pending", "closed"): "the contact does not answer",
    ("resolved", "open"): "it is reopened, as it was not solved after all",
    ("resolved", "in_progress"): "whoever resolved it goes on with it",
    ("resolved", "closed"): "the contact agrees, or time has passed",
    ("closed", "open"): "it is reopened, and begins anew",
}


def targets(source: Status) -> list[Status]:
    """Return the states that an arrow leads to from `source`."""
    return [target for start, target in ARROWS if start == source]


def is_allowed(wanted: str) -> str:
    """Return the SQL condition under which a ticket may get the status that the expression `wanted` gives.

    Keeping its status is no move.
    """
    arrows = ", ".join(f"('{source}', '{target}')" for source, target in ARROWS)
    return f"(tickets.status = {wanted} or (tickets.status, {wanted}) in ({arrows}))"
