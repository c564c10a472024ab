"""What happened, for those who are to be told.

Revision ID: 0018
Revises: 0017
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

UP = (
    """
    create table events (
        id uuid not null default uuidv7() constraint pk_events primary key,
        type varchar(64) not null,
        at timestamptz not null default clock_timestamp(),
        actor_id uuid,
        data jsonb not null,
        planned_at timestamptz
    )
    """,
    "create index ix_events_unplanned on events (id) where planned_at is null",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    op.execute("drop table events")
