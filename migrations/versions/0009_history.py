"""What bulk jobs did to a ticket is found by the ticket, and never rewritten.

Revision ID: 0009
Revises: 0007
"""

from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None

UP = (
    "create index ix_job_items_ticket on job_items (ticket_id) where version is not null",
    """
    create trigger job_items_append_only before update on job_items
    for each statement execute function refuse_change()
    """,
)
DOWN = (
    "drop trigger job_items_append_only on job_items",
    "drop index ix_job_items_ticket",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
