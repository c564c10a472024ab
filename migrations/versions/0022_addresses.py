"""Messages to addresses that a setting names, beside those to users.

Revision ID: 0022
Revises: 0021
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

UP = (
    """
    alter table deliveries
        add column address varchar(320),
        drop constraint ck_deliveries_recipient,
        add constraint ck_deliveries_recipient check (
            case channel when 'webhook' then num_nonnulls(webhook_id) = 1 and num_nonnulls(user_id, address, topic) = 0
            else num_nonnulls(user_id, address) = 1 and topic is not null and webhook_id is null end
        )
    """,
    "create unique index uq_deliveries_address on deliveries (event_id, address) where address is not null",
)
DOWN = (
    "delete from deliveries where address is not null",
    """
    alter table deliveries
        drop constraint ck_deliveries_recipient,
        drop column address,
        add constraint ck_deliveries_recipient check (
            case channel when 'webhook' then num_nonnulls(webhook_id) = 1 and num_nonnulls(user_id, topic) = 0
            else num_nonnulls(user_id, topic) = 2 and webhook_id is null end
        )
    """,
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
