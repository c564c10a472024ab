"""Who paused a job.

Revision ID: 0005
Revises: 0004
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("alter table jobs add column paused_by uuid constraint fk_jobs_paused_by_users references users")


def downgrade() -> None:
    op.execute("alter table jobs drop column paused_by")
