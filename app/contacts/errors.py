from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.errors import Conflict, Problem


class ContactExistsProblem(Problem, frozen=True, kw_only=True):
    """`contactId` is whose e-mail it is; null where that one has just been deleted."""

    contact_id: UUID | None


class ContactExists(Conflict):
    """Another contact has this e-mail: use or change that one, or merge the two."""

    code = "contact_exists"
    problem = ContactExistsProblem
    example: Mapping[str, Any] = {"contact_id": UUID("01980000-0000-7000-8000-00000000000c")}

    def __init__(self, contact_id: UUID | None) -> None:
        super().__init__(contact_id=contact_id)


class ContactHasTicketsProblem(Problem, frozen=True, kw_only=True):
    """`tickets` says how many, deleted ones among them; 10001 means more than 10000."""

    tickets: int


class ContactHasTickets(Conflict):
    """Tickets name this contact, maybe deleted ones: merge it into another contact instead."""

    code = "contact_has_tickets"
    problem = ContactHasTicketsProblem
    example: Mapping[str, Any] = {"tickets": 12}

    def __init__(self, tickets: int) -> None:
        super().__init__(tickets=tickets)
