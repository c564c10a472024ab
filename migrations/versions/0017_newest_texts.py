"""Where the newest texts are, for searches that need no others.

Revision ID: 0017
Revises: 0016
"""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

# It reads all texts, while others go on writing. One that was not finished is left as invalid.
UP = (
    "set lock_timeout = 0",
    "drop index if exists ix_ticket_texts_newest",
    """
    create index concurrently ix_ticket_texts_newest on ticket_texts
    using brin (ticket_id uuid_minmax_multi_ops)
    """,
    "set lock_timeout = '5s'",
)


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for statement in UP:
            op.execute(statement)


def downgrade() -> None:
    op.execute("drop index ix_ticket_texts_newest")
