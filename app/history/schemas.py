from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct

from app.history.models import Actor


class ChangeResponse(Struct, frozen=True, rename="camel"):
    """One field of a ticket, as it was and as it became.

    Its actor is null where nobody acted, but time. Requesters are told neither a job nor its reason.
    """

    at: datetime
    actor: Actor | None
    job_id: UUID | None
    field: Annotated[str, Meta(description="As the ticket has it, or `version` where only the change itself is known")]
    before: Any
    after: Any
    reason: str | None


class HistoryPage(Struct, frozen=True, rename="camel"):
    changes: list[ChangeResponse]
    next_cursor: str | None
