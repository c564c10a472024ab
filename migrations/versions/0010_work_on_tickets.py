"""Tickets wait for their contact, are merged, and are related to others.

Revision ID: 0010
Revises: 0009
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# All can be run again, as they are committed before the tickets are looked through.
UP = (
    "alter table tickets add if not exists merged_into uuid",
    """
    create table if not exists ticket_links (
        low_id uuid not null constraint fk_ticket_links_low_id_tickets references tickets on delete cascade,
        high_id uuid not null constraint fk_ticket_links_high_id_tickets references tickets on delete cascade,
        constraint pk_ticket_links primary key (low_id, high_id),
        constraint ck_ticket_links_order check (low_id < high_id)
    )
    """,
    "create index if not exists ix_ticket_links_high on ticket_links (high_id)",
    "alter table tickets drop constraint if exists ck_tickets_status_pending",
    """
    alter table tickets add constraint ck_tickets_status_pending
        check (status in ('open', 'in_progress', 'pending', 'resolved', 'closed')) not valid
    """,
)
# In a transaction of its own, which only keeps others from changing the table's definition.
VALIDATE = "alter table tickets validate constraint ck_tickets_status_pending"
REPLACE = (
    "alter table tickets drop constraint ck_tickets_status",
    "alter table tickets rename constraint ck_tickets_status_pending to ck_tickets_status",
)
DOWN = (
    "drop table ticket_links",
    "alter table tickets drop merged_into",
    "update tickets set status = 'open' where status = 'pending'",
    "alter table tickets drop constraint ck_tickets_status",
    """
    alter table tickets add constraint ck_tickets_status
        check (status in ('open', 'in_progress', 'resolved', 'closed')) not valid
    """,
    "alter table tickets validate constraint ck_tickets_status",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)
    with op.get_context().autocommit_block():
        op.execute(VALIDATE)
    for statement in REPLACE:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
