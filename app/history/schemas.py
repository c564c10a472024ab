from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from msgspec import Meta, Struct

from app.history.models import Change


class Actor(Struct, frozen=True):
    id: UUID
    username: str


class ChangeResponse(Struct, frozen=True, rename="camel"):
    """One field of a ticket, as it was and as it became.

    Its actor is null where nobody acted, but time. Requesters are told neither the job nor the reason.
    """

    at: datetime
    actor: Actor | None
    job_id: UUID | None
    field: Annotated[str, Meta(description="As the ticket has it, or `version` where only the change itself is known")]
    before: Any
    after: Any
    reason: str | None

    @classmethod
    def of(cls, change: Change) -> Self:
        known = change.actor_id is not None and change.username is not None
        actor = Actor(change.actor_id, change.username) if known else None  # type: ignore[arg-type]
        return cls(change.at, actor, change.job_id, change.field, change.before, change.after, change.reason)


class HistoryPage(Struct, frozen=True, rename="camel"):
    changes: list[ChangeResponse]
    next_cursor: str | None
