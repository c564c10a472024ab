"""The states of a job, and every way from one to another."""

from collections.abc import Collection
from enum import StrEnum
from typing import Final


class Status(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELED = "canceled"


CLAIMABLE: Final = frozenset({Status.QUEUED, Status.RUNNING})
ACTIVE: Final = CLAIMABLE | {Status.PAUSED}
TERMINAL: Final = frozenset(Status) - ACTIVE

ARROWS: Final[dict[tuple[Status, Status], str]] = {
    (Status.QUEUED, Status.RUNNING): "a lane begins with it",
    (Status.QUEUED, Status.CANCELED): "an admin cancels it before it began",
    (Status.RUNNING, Status.PAUSED): "an admin pauses it",
    (Status.RUNNING, Status.COMPLETED): "a lane counts the last item",
    (Status.RUNNING, Status.FAILED): "it cannot go on, for a reason that is no item's",
    (Status.RUNNING, Status.CANCELED): "an admin cancels it midway",
    (Status.PAUSED, Status.RUNNING): "an admin resumes it",
    (Status.PAUSED, Status.FAILED): "it could not be resumed",
    (Status.PAUSED, Status.CANCELED): "an admin cancels it while it rests",
}


def sources(target: Status, among: Collection[Status] = frozenset(Status)) -> list[Status]:
    """Return the states that have an arrow to `target`, of those that a move is about."""
    return [source for source, end in ARROWS if end is target and source in among]
