"""What people do for themselves: phone numbers, passwords that change, links to choose one.

Revision ID: 0012
Revises: 0011
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

RESETS = """
    create table password_resets (
        user_id uuid not null constraint pk_password_resets primary key
            constraint fk_password_resets_user_id_users references users,
        token_hash bytea not null constraint uq_password_resets_token_hash unique,
        expires_at timestamptz not null
    )
"""


def upgrade() -> None:
    op.execute("alter table users add column phone varchar(16), add column token_version integer not null default 0")
    op.execute(RESETS)


def downgrade() -> None:
    op.execute("drop table password_resets")
    op.execute("alter table users drop column token_version, drop column phone")
