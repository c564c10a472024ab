"""Idempotency keys for what comes into stock, beside those of jobs.

Revision ID: 0023
Revises: 0022
"""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        alter table idempotency_keys
            alter column job_id drop not null,
            add column movement_id bigint
    """)


def downgrade() -> None:
    op.execute("delete from idempotency_keys where job_id is null")
    op.execute("alter table idempotency_keys drop column movement_id, alter column job_id set not null")
