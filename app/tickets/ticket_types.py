"""What types of ticket there are, for those who want to write one."""

import inspect
from functools import cache

from litestar import Controller, get

from app.http.openapi import protected
from app.tickets.schemas import TicketTypeResponse, TicketTypes
from app.tickets.types.registry import TYPES


class TicketTypeController(Controller):
    path = "/api/ticket-types"
    tags = ("tickets",)

    @get(responses=protected())
    async def list_ticket_types(self) -> TicketTypes:
        """List the types of ticket, each with its states and the JSON Schema of its fields."""
        return _ticket_types()


@cache
def _ticket_types() -> TicketTypes:
    return TicketTypes([TicketTypeResponse.of(type_, inspect.getdoc(type_.fields) or "") for type_ in TYPES.values()])
