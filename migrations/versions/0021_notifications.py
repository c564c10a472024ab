"""What people are told of: deliveries to them, beside those to webhooks, and what they have chosen.

Revision ID: 0021
Revises: 0020
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

UP = (
    """
    alter table deliveries
        add column channel varchar(16) not null default 'webhook',
        add column user_id uuid,
        add column topic varchar(32),
        add column reason varchar(32),
        alter column webhook_id drop not null,
        add constraint ck_deliveries_recipient check (
            case channel when 'webhook' then num_nonnulls(webhook_id) = 1 and num_nonnulls(user_id, topic) = 0
            else num_nonnulls(user_id, topic) = 2 and webhook_id is null end
        )
    """,
    """
    create unique index uq_deliveries_person on deliveries (event_id, user_id, channel) where user_id is not null
    """,
    "alter table delivery_attempts add column provider varchar(32)",
    """
    create table notification_preferences (
        user_id uuid not null constraint pk_notification_preferences primary key
            constraint fk_notification_preferences_user_id_users references users,
        preferences jsonb not null
    )
    """,
)
DOWN = (
    "drop table notification_preferences",
    "delete from deliveries where channel <> 'webhook'",
    "alter table delivery_attempts drop column provider",
    "drop index uq_deliveries_person",
    """
    alter table deliveries
        drop constraint ck_deliveries_recipient,
        drop column channel,
        drop column user_id,
        drop column topic,
        drop column reason,
        alter column webhook_id set not null
    """,
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
