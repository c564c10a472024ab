from typing import Annotated

from msgspec import Meta

from app.tickets.types.ticket_type import APPROVED_FIRST, Fields, Note, Quantity, TicketType, Word


class CableFields(Fields, frozen=True):
    """A request for cable from stock, which is approved first."""

    cable_type: Annotated[Word, Meta(examples=["Cat6"])]
    cable_gauge: Annotated[Word, Meta(examples=["23AWG"])]
    cable_length: Annotated[Word, Meta(examples=["100"])]
    quantity: Quantity = 1
    location: Note = ""
    notes: Note = ""


def _title(fields: CableFields) -> str:
    several = f"{fields.quantity} of " if fields.quantity > 1 else ""
    return f"Cable: {several}{fields.cable_type} {fields.cable_gauge}, {fields.cable_length}"


TYPE = TicketType(
    name="cable", fields=CableFields, begins_as=("pending_approval",), arrows=APPROVED_FIRST, title=_title
)
