from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Uuid

from app.database import metadata

# Two tickets that have to do with each other: one row, so that neither is related to the other alone.
ticket_links = Table(
    "ticket_links",
    metadata,
    Column("low_id", Uuid, ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True),
    Column("high_id", Uuid, ForeignKey("tickets.id", ondelete="CASCADE"), primary_key=True),
    CheckConstraint("low_id < high_id", name="order"),
)
Index("ix_ticket_links_high", ticket_links.c.high_id)
