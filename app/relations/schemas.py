from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from app.tickets.schemas import TicketResponse


class MergeTicket(Struct, frozen=True, forbid_unknown_fields=True):
    into: Annotated[UUID, Meta(description="The ticket that survives")]


class RelatedTickets(Struct, frozen=True):
    tickets: list[TicketResponse]
