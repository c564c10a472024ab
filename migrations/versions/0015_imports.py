"""Tickets from files: the files' rows, and the ids that tickets have elsewhere.

Revision ID: 0015
Revises: 0014
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

UP = (
    "alter table tickets add external_id varchar(255)",
    """
    create unique index uq_tickets_external_id on tickets (external_id)
    where external_id is not null and deleted_at is null
    """,
    """
    create table imports (
        id uuid not null default uuidv7() constraint pk_imports primary key,
        created_by uuid not null constraint fk_imports_created_by_users references users,
        created_at timestamptz not null default now(),
        expires_at timestamptz not null default now() + interval '1 day',
        is_complete boolean not null default false,
        is_deleted boolean not null default false,
        columns jsonb not null default '[]',
        rows integer not null default 0,
        faulty integer not null default 0,
        duplicates integer not null default 0
    )
    """,
    """
    create table import_rows (
        id uuid not null constraint pk_import_rows primary key,
        import_id uuid not null,
        line integer not null,
        fault_column varchar(100),
        fault_code varchar(32),
        fault text,
        title varchar(255),
        description text,
        status varchar(16),
        priority varchar(16),
        tags text[],
        requester_id uuid,
        assignee_id uuid,
        contact_name varchar(200),
        contact_email varchar(254),
        external_id varchar(255),
        created_at timestamptz
    )
    """,
    "create index ix_import_rows_import on import_rows (import_id, id)",
    "create index ix_import_rows_faulty on import_rows (import_id, id) where fault_code is not null",
    "create index ix_jobs_import on jobs ((params ->> 'importId')) where params ? 'importId'",
)
DOWN = (
    "drop index ix_jobs_import",
    "drop table import_rows",
    "drop table imports",
    "alter table tickets drop external_id",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
