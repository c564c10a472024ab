"""Saved views.

Revision ID: 0003
Revises: 0002
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

VIEWS = """
    create table views (
        id uuid not null default uuidv7() constraint pk_views primary key,
        owner_id uuid not null constraint fk_views_owner_id_users references users,
        name varchar(100) not null,
        filter jsonb not null,
        shared boolean not null default false,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
    )
"""


def upgrade() -> None:
    op.execute(VIEWS)
    op.execute("create unique index uq_views_name on views (owner_id, lower(name))")
    op.execute("create index ix_views_shared on views (lower(name), id) where shared")


def downgrade() -> None:
    op.execute("drop table views")
