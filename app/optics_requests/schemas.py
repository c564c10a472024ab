from typing import Any, Literal
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType, to_builtins

from app.approvals.schemas import Reason
from app.tickets.schemas import CreateTicket, TicketResponse
from app.tickets.types import optics

Verb = Literal["approve", "deny", "archive"]


class CreateOpticsRequest(optics.OpticsFields, frozen=True):
    """`part` is one of GET /api/optics-parts; `assigneeId` is who is asked to decide: an agent or admin."""

    assignee_id: UUID | UnsetType = UNSET

    @property
    def values(self) -> dict[str, Any]:
        """Return the values of the ticket that it becomes."""
        fields = to_builtins(self)
        fields.pop("assigneeId", None)
        return CreateTicket(type=optics.TYPE.name, fields=fields, assignee_id=self.assignee_id).values


class PatchOpticsStatus(Struct, frozen=True, forbid_unknown_fields=True):
    """What becomes of a request: it is `approved`, `rejected` or `closed`."""

    status: Verb
    reason: Reason | UnsetType = UNSET

    def __post_init__(self) -> None:
        if self.reason is not UNSET and self.status != "deny":
            raise ValueError("`reason` goes with `deny` only")


class OpticsRequestPage(Struct, frozen=True, rename="camel"):
    """Requests are tickets, with comments and all that tickets have under /api/tickets."""

    requests: list[TicketResponse]
    next_cursor: str | None
