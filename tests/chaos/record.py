"""What a scenario did, was answered and saw: the judge holds the database against it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID


class Edit(NamedTuple):
    """A ticket that someone gave another title, one by one, and when."""

    ticket_id: UUID
    at: datetime
    title: str


class Tried(NamedTuple):
    """An edit that was not answered: nobody was told whether it was made."""

    ticket_id: UUID
    title: str


class Asked(NamedTuple):
    """What a job was asked to do; a retry or an undo inherits all but the targets."""

    targets: Sequence[UUID]
    priority: str = "normal"
    max_items_per_second: int | None = None


@dataclass
class Record:
    """Hits are faults that struck while a job was at work: those that came too late are not counted."""

    tickets: list[UUID] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    tried: list[Tried] = field(default_factory=list)
    jobs: dict[UUID, Asked] = field(default_factory=dict)  # those that were accepted
    stopped_at: dict[UUID, int] = field(default_factory=dict)  # what a cancel said was processed
    hits: int = 0
    recoveries_seconds: list[float] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)  # promises that the scenario itself saw broken

    def accept(self, job: dict[str, Any], asked: Asked) -> UUID:
        """Remember a job that was answered, and return its id."""
        job_id = UUID(job["id"])
        self.jobs[job_id] = asked
        return job_id
