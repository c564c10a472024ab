"""What the dashboard shows, as it was counted last.

Revision ID: 0016
Revises: 0015
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        create table dashboard (
            is_only boolean not null default true constraint pk_dashboard primary key
                constraint ck_dashboard_only check (is_only),
            at timestamptz not null,
            stats jsonb not null
        )
    """)


def downgrade() -> None:
    op.execute("drop table dashboard")
