"""Views: how a list of them looks, where they stand, and which roles may use them.

Revision ID: 0013
Revises: 0012
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        alter table views
            add shared_with varchar(16)[] not null default '{}',
            add columns varchar(16)[],
            add sort varchar(16),
            add position integer not null default 0 constraint ck_views_position check (position >= 0)
    """)
    op.execute("update views set shared_with = '{requester,agent,admin}' where shared")
    op.execute("drop index ix_views_shared")
    op.execute("alter table views drop shared")
    op.execute("create index ix_views_shared on views (id) where shared_with <> '{}'")


def downgrade() -> None:
    op.execute("drop index ix_views_shared")
    op.execute("alter table views add shared boolean not null default false")
    op.execute("update views set shared = true where shared_with <> '{}'")
    op.execute("create index ix_views_shared on views (lower(name), id) where shared")
    op.execute("alter table views drop shared_with, drop columns, drop sort, drop position")
