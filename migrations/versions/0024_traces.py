"""Where a job's trace began, so that lanes and feeds go on with it.

Revision ID: 0024
Revises: 0023
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table jobs add column traceparent varchar(55)")


def downgrade() -> None:
    op.execute("alter table jobs drop column traceparent")
