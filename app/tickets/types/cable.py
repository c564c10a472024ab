import msgspec
from msgspec import structs
from sqlalchemy import literal_column
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import User
from app.inventory import ledger
from app.inventory.models import CableGauge, CableLength, CableType, ItemKey, plain
from app.tickets.models import Ticket
from app.tickets.types.ticket_type import APPROVED_FIRST, Fields, Note, Quantity, TicketType


class CableFields(Fields, frozen=True):
    """A request for cable from stock, which is approved first. A length is kept with its unit: `100 ft`."""

    cable_type: CableType
    cable_gauge: CableGauge
    cable_length: CableLength
    quantity: Quantity = 1
    location: Note = ""
    notes: Note = ""

    def __post_init__(self) -> None:
        structs.force_setattr(self, "cable_length", self.key.cable_length)

    @property
    def key(self) -> ItemKey:
        return ItemKey.of(self.cable_type, self.cable_gauge, self.cable_length)


def _title(fields: CableFields) -> str:
    several = f"{fields.quantity} of " if fields.quantity > 1 else ""
    return f"Cable: {several}{fields.cable_type} {fields.cable_gauge}, {fields.cable_length}"


async def _issue(connection: AsyncConnection, ticket: Ticket, user: User) -> None:
    fields = msgspec.convert(ticket.fields, CableFields)
    await ledger.issue(connection, fields.key, fields.quantity, ticket_id=ticket.id, actor_id=user.id)


def _plain(sql: str) -> str:
    return str(plain(literal_column(sql)))


_STOCK = f"""
    select position, item.id as item_id, 'issued' as kind, -cast(fields ->> 'quantity' as integer) as quantity,
           cast(null as text) as reason, ticket_id, actor_id
    from fulfilling join inventory_items as item
         on {_plain("cable_type")} = {_plain("fields ->> 'cableType'")}
            and {_plain("cable_gauge")} = {_plain("fields ->> 'cableGauge'")}
            and cable_length = fields ->> 'cableLength'
    where type = 'cable'
"""
TYPE = TicketType(
    name="cable",
    fields=CableFields,
    begins_as=("pending_approval",),
    arrows=APPROVED_FIRST,
    title=_title,
    fulfill=_issue,
    stock=_STOCK,
)
