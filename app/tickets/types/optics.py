from app.optics.models import Name
from app.tickets.types.ticket_type import APPROVED_FIRST, Fields, Note, Quantity, TicketType


class OpticsFields(Fields, frozen=True):
    """A request for an optical module, which is approved first."""

    part: Name
    quantity: Quantity = 1
    location: Note = ""
    notes: Note = ""


def _title(fields: OpticsFields) -> str:
    several = f"{fields.quantity} of " if fields.quantity > 1 else ""
    return f"Optics: {several}{fields.part}"


TYPE = TicketType(
    name="optics",
    fields=OpticsFields,
    begins_as=("pending_approval",),
    arrows={
        **APPROVED_FIRST,
        ("approved", "closed"): "it is put away, as nobody has to hand it over",
        ("rejected", "closed"): "it is put away, as whoever asked knows",
    },
    title=_title,
)
