from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec


class Place(NamedTuple):
    """Where a change stands in a ticket's history."""

    at: datetime
    record: int
    field: str


class Actor(msgspec.Struct, frozen=True):
    id: UUID
    username: str


class Change(msgspec.Struct, frozen=True):
    """What became of one field of a ticket; `record` tells changes by hand apart, and is 0 for a job's.

    Its actor is None where nobody acted, but time.
    """

    at: datetime
    record: int
    actor: Actor | None
    job_id: UUID | None
    field: str
    before: Any
    after: Any
    reason: str | None

    @property
    def place(self) -> Place:
        return Place(self.at, self.record, self.field)
