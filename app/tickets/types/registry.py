"""The types of ticket there are: a new one is a module of its own, and a line here."""

from typing import TYPE_CHECKING, Final, Literal

from app.tickets.types import cable, general, optics
from app.tickets.types.ticket_type import TicketType

TYPES: Final[dict[str, TicketType]] = {module.TYPE.name: module.TYPE for module in (general, cable, optics)}
STOCKED: Final = {name: type_.stock for name, type_ in TYPES.items() if type_.stock is not None}
GENERAL: Final = general.TYPE.name  # what a ticket is that does not say, and the one type without fields

if TYPE_CHECKING:
    TypeName = str
else:
    TypeName = Literal[tuple(TYPES)]


def is_allowed(wanted: str) -> str:
    """Return the SQL condition under which a bulk job may give a ticket the status that the expression `wanted` gives.

    Keeping its status is no move. Where fulfilling does more than to take from stock, it is done by hand, one by one.
    """
    arrows = ", ".join(
        f"('{type_.name}', '{source}', '{target}')"
        for type_ in TYPES.values()
        for source, target in type_.arrows
        if target != "fulfilled" or type_.fulfill is None or type_.name in STOCKED
    )
    return f"(tickets.status = {wanted} or (tickets.type, tickets.status, {wanted}) in ({arrows}))"
