"""Sessions of browsers.

Revision ID: 0004
Revises: 0003
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SESSIONS = """
    create table sessions (
        id uuid not null default uuidv7() constraint pk_sessions primary key,
        user_id uuid not null constraint fk_sessions_user_id_users references users,
        secret_hash bytea not null,
        created_at timestamptz not null default now(),
        expires_at timestamptz not null
    )
"""


def upgrade() -> None:
    op.execute(SESSIONS)
    op.execute("create index ix_sessions_user_id on sessions (user_id)")
    op.execute("create index ix_sessions_expires_at on sessions (expires_at)")


def downgrade() -> None:
    op.execute("drop table sessions")
