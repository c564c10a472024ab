"""Replays all that happened to a ticket, and holds its items and its row against that."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec

from tests.chaos.model import Job, Outcome, Ticket, outcome_of
from tests.chaos.record import Edit

KEEPS_NOTHING: Final = {"bulk-delete", "bulk-purge"}  # an undo of a delete needs no `before`, and a purge has no undo


class Item(msgspec.Struct, frozen=True, array_like=True):
    """What a job recorded of the ticket, and when: while it had it locked, so that the order is that of the changes."""

    at: datetime
    job_id: UUID
    result: str
    code: str
    version: int | None
    before: dict[str, Any] | None

    def __str__(self) -> str:
        return f"job {self.job_id} says {self.code}, at version {self.version}"


class Replay(NamedTuple):
    """The ticket as its history leaves it (None: purged), and the items that its history contradicts."""

    ticket: Ticket | None
    contradictions: list[str]


def replay(items: Sequence[Item], edits: Sequence[Edit], jobs: Mapping[UUID, Job]) -> Replay:
    """Do again, in the order of time, what jobs and people did to a new ticket."""
    ticket: Ticket | None = Ticket()
    contradictions: list[str] = []
    changes: dict[
        UUID | None, tuple[Ticket, Ticket | None]
    ] = {}  # the ticket before and after each job that changed it
    events: list[Item | Edit] = [*items, *edits]
    for event in sorted(events, key=lambda event: event.at):
        if isinstance(event, Edit):
            ticket = ticket and ticket.changed(title=event.title)
            continue
        job = jobs[event.job_id]
        outcome = outcome_of(job, ticket, *changes.get(_undone_by(job), (None, None)))
        if not _is_true(event, job, ticket, outcome):
            contradictions.append(f"{event}, where it was {ticket} and {outcome.code} is due")
        if ticket is not None and outcome.ticket != ticket:
            changes[job.id] = (ticket, outcome.ticket)
        ticket = outcome.ticket
    return Replay(ticket, contradictions)


def _undone_by(job: Job) -> UUID | None:
    return UUID(job.params["undoes"]) if "undoes" in job.params else None


def _is_true(item: Item, job: Job, ticket: Ticket | None, outcome: Outcome) -> bool:
    """Whether code, result, version and `before` are as they must be."""
    is_change = ticket is not None and outcome.ticket != ticket
    version = (outcome.ticket or ticket or Ticket()).version if is_change else None  # of one that is purged: its last
    return (
        (item.result, item.code) == (outcome.result, outcome.code)
        and item.version == version
        and _is_before(item.before, ticket if is_change and job.type not in KEEPS_NOTHING else None)
    )


def _is_before(before: Mapping[str, Any] | None, ticket: Ticket | None) -> bool:
    """Whether an item keeps the fields of the ticket as they were; None where there is nothing to keep."""
    if before is None or ticket is None:
        return before is None and ticket is None
    fields = {
        "status": ticket.status,
        "priority": ticket.priority,
        "assigneeId": ticket.assignee_id and str(ticket.assignee_id),
        "tags": list(ticket.tags),
        "deletedByJob": ticket.deleted_by_job and str(ticket.deleted_by_job),
    }
    was_deleted = before.get("deletedAt") is not None
    return all(fields[name] == value for name, value in before.items() if name != "deletedAt") and (
        "deletedAt" not in before or was_deleted == ticket.is_deleted
    )
