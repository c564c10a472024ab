"""Deleted tickets, those first that were deleted last.

Revision ID: 0006
Revises: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("create index ix_tickets_deleted on tickets (updated_at desc, id desc) where deleted_at is not null")


def downgrade() -> None:
    op.execute("drop index ix_tickets_deleted")
