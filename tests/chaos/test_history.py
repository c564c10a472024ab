"""What the judge makes of a ticket's history: no server, and each case a record that is not true."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.chaos.history import Item, replay
from tests.chaos.model import Job, Ticket
from tests.chaos.record import Edit

START = datetime(2026, 1, 1, tzinfo=UTC)
TICKET, AGENT = uuid4(), uuid4()
DELETE, RESTORE, PURGE = (Job(uuid4(), type_, {}) for type_ in ("bulk-delete", "bulk-restore", "bulk-purge"))
FORCED = Job(uuid4(), "bulk-purge", {"force": True})
UPDATE = Job(uuid4(), "bulk-update", {"status": "closed", "assigneeId": str(AGENT), "addTags": ["b", "a"]})
TAKE = Job(uuid4(), "bulk-update", {"status": "in_progress"})
UNDO = Job(uuid4(), "bulk-undo", {"undoes": str(UPDATE.id)})
JOBS = {job.id: job for job in (DELETE, RESTORE, PURGE, FORCED, UPDATE, TAKE, UNDO)}
AS_NEW: dict[str, Any] = {"status": "open", "priority": "normal", "assigneeId": None, "tags": []}
AS_CLOSED = {**AS_NEW, "status": "closed", "assigneeId": str(AGENT), "tags": ["a", "b"]}

Step = tuple[Job, str, str, int | None, dict[str, Any] | None]

DELETED: Step = (DELETE, "succeeded", "deleted", 2, None)
UPDATED: Step = (UPDATE, "succeeded", "updated", 2, AS_NEW)


def history(*steps: Step) -> list[Item]:
    return [
        Item(START + timedelta(seconds=number), job.id, result, code, version, before)
        for number, (job, result, code, version, before) in enumerate(steps)
    ]


def test_what_is_true_is_believed() -> None:
    was_deleted = {"deletedAt": "2026-01-01T00:00:00Z", "deletedByJob": str(DELETE.id)}
    items = history(
        DELETED,
        (UPDATE, "failed", "deleted", None, None),
        (PURGE, "failed", "too_recent", None, None),
        (RESTORE, "succeeded", "restored", 3, was_deleted),
        (FORCED, "failed", "not_deleted", None, None),
    )
    assert replay(items, [], JOBS) == (Ticket(version=3), [])


def test_an_undo_brings_back_what_was() -> None:
    updated = Ticket(version=2, status="closed", assignee_id=AGENT, tags=("a", "b"))
    assert replay(history(UPDATED), [], JOBS) == (updated, [])
    before = {"status": "closed", "assigneeId": str(AGENT), "tags": ["a", "b"], "deletedAt": None, "deletedByJob": None}
    undone: Step = (UNDO, "succeeded", "undone", 3, before)
    assert replay(history(UPDATED, undone), [], JOBS) == (Ticket(version=3), [])


def test_who_is_closed_is_not_taken() -> None:
    items = history(UPDATED, (TAKE, "failed", "not_allowed", None, None))
    assert replay(items, [], JOBS).contradictions == []


def test_an_edit_stands_in_the_way_of_an_undo() -> None:
    items = history(UPDATED, (UNDO, "failed", "conflict", None, None))
    edited = replay(items, [Edit(TICKET, START + timedelta(seconds=0.5), "New")], JOBS)
    assert not edited.contradictions
    assert edited.ticket
    assert (edited.ticket.version, edited.ticket.title) == (3, "New")


def test_what_is_purged_is_gone() -> None:
    items = history(DELETED, (FORCED, "succeeded", "purged", 2, None), (RESTORE, "failed", "not_found", None, None))
    assert replay(items, [], JOBS) == (None, [])


@pytest.mark.parametrize(
    "steps",
    {
        "a success without a version": [(DELETE, "succeeded", "deleted", None, None)],
        "a version that was skipped": [(DELETE, "succeeded", "deleted", 3, None)],
        "a version for nothing": [UPDATED, (UPDATE, "succeeded", "unchanged", 2, None)],
        "unchanged, but it was not": [(UPDATE, "succeeded", "unchanged", None, None)],
        "a move that nothing forbids": [(UPDATE, "failed", "not_allowed", None, None)],
        "a move that is forbidden": [UPDATED, (TAKE, "succeeded", "updated", 3, AS_CLOSED)],
        "a failure for no reason": [(DELETE, "failed", "already_deleted", None, None)],
        "an error of the database": [(DELETE, "failed", "error", None, None)],
        "a code with the wrong result": [DELETED, (UPDATE, "succeeded", "deleted", None, None)],
        "deleted twice": [DELETED, (DELETE, "succeeded", "deleted", 3, None)],
        "purged twice": [
            DELETED,
            (FORCED, "succeeded", "purged", 2, None),
            (FORCED, "succeeded", "purged", 2, None),
        ],
        "purged too early": [DELETED, (PURGE, "succeeded", "purged", 2, None)],
        "undone what was not done": [(UNDO, "succeeded", "undone", 2, AS_NEW)],
        "nothing kept for an undo": [(UPDATE, "succeeded", "updated", 2, None)],
        "something else kept for an undo": [(UPDATE, "succeeded", "updated", 2, {**AS_NEW, "status": "closed"})],
    }.items(),
    ids=lambda case: case[0],
)
def test_what_is_not_true_is_seen(steps: tuple[str, list[Step]]) -> None:
    assert len(replay(history(*steps[1]), [], JOBS).contradictions) == 1
