"""What happened, the webhooks that are told of it, and how telling them went.

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
    """
    create table webhooks (
        id uuid not null default uuidv7() constraint pk_webhooks primary key,
        url text not null,
        description varchar(255) not null default '',
        events text[] not null,
        items boolean not null default false,
        secret text not null,
        old_secret text,
        old_secret_until timestamptz,
        created_by uuid not null constraint fk_webhooks_created_by_users references users,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        disabled_at timestamptz,
        disabled_reason varchar(16),
        failing_since timestamptz,
        rests_until timestamptz,
        constraint ck_webhooks_disabled check ((disabled_at is null) = (disabled_reason is null))
    )
    """,
    """
    create table deliveries (
        id uuid not null default uuidv7() constraint pk_deliveries primary key,
        event_id uuid not null constraint fk_deliveries_event_id_events references events on delete cascade,
        webhook_id uuid not null,
        page integer not null default 0,
        status varchar(16) not null default 'pending'
            constraint ck_deliveries_status check (status in ('pending', 'delivered', 'failed', 'skipped')),
        attempts integer not null default 0,
        failures integer not null default 0,
        next_at timestamptz not null default clock_timestamp(),
        given_up_at timestamptz not null default now() + interval '3 days',
        created_at timestamptz not null default clock_timestamp(),
        ended_at timestamptz
    )
    """,
    "create unique index uq_deliveries_event on deliveries (event_id, webhook_id, page)",
    "create index ix_deliveries_webhook on deliveries (webhook_id, id)",
    "create index ix_deliveries_due on deliveries (webhook_id, next_at) where status = 'pending'",
    "create index ix_deliveries_lost on deliveries (webhook_id, id) where status in ('failed', 'skipped')",
    """
    create table delivery_attempts (
        delivery_id uuid not null
            constraint fk_delivery_attempts_delivery_id_deliveries references deliveries on delete cascade,
        at timestamptz not null,
        took_ms integer not null,
        status_code integer,
        error text,
        answer text,
        constraint pk_delivery_attempts primary key (delivery_id, at)
    )
    """,
)
DOWN = ("drop table delivery_attempts", "drop table deliveries", "drop table webhooks", "drop table events")


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
