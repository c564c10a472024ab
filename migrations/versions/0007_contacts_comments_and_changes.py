"""Contacts, comments, and what was changed by hand.

Revision ID: 0007
Revises: 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

UP = (
    """
    create table contacts (
        id uuid not null default uuidv7() constraint pk_contacts primary key,
        name varchar(200) not null,
        email varchar(254),
        phone varchar(16),
        organization varchar(200) not null default '',
        notes text not null default '',
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
    )
    """,
    "create unique index uq_contacts_email on contacts (lower(email))",
    "create index ix_contacts_name on contacts (lower(name), id)",
    "alter table tickets add contact_id uuid",
    """
    alter table tickets
        add constraint fk_tickets_contact_id_contacts foreign key (contact_id) references contacts not valid
    """,
    "alter table tickets validate constraint fk_tickets_contact_id_contacts",
    """
    create index ix_tickets_contact on tickets (contact_id, created_at desc, id desc) where contact_id is not null
    """,
    """
    create table comments (
        id uuid not null default uuidv7() constraint pk_comments primary key,
        ticket_id uuid not null constraint fk_comments_ticket_id_tickets references tickets on delete cascade,
        author_id uuid not null constraint fk_comments_author_id_users references users,
        body text not null,
        internal boolean not null default false,
        created_at timestamptz not null default now(),
        edited_at timestamptz
    )
    """,
    "create index ix_comments_ticket on comments (ticket_id, id)",
    """
    create table ticket_changes (
        id bigint not null generated always as identity constraint pk_ticket_changes primary key,
        ticket_id uuid not null constraint fk_ticket_changes_ticket_id_tickets references tickets on delete cascade,
        at timestamptz not null default clock_timestamp(),
        actor_id uuid,
        version integer,
        internal boolean not null default false,
        changes jsonb not null,
        reason text
    )
    """,
    "create index ix_ticket_changes_ticket on ticket_changes (ticket_id, id)",
    """
    create trigger ticket_changes_append_only before update on ticket_changes
    for each statement execute function refuse_change()
    """,
)
DOWN = (
    "drop table ticket_changes",
    "drop table comments",
    "alter table tickets drop contact_id",
    "drop table contacts",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
