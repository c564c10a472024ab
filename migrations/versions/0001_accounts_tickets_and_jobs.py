"""Accounts, tickets and jobs.

Revision ID: 0001
Revises:
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

USERS = """
    create table users (
        id uuid not null default uuidv7() constraint pk_users primary key,
        username varchar(64) not null constraint ck_users_username check (position('@' in username) = 0),
        email varchar(254) not null,
        password_hash varchar(255) not null,
        role varchar(16) not null constraint ck_users_role check (role in ('requester', 'agent', 'admin')),
        active boolean not null default true,
        created_at timestamptz not null default now()
    )
"""
TICKETS = """
    create table tickets (
        id uuid not null default uuidv7() constraint pk_tickets primary key,
        number bigint not null generated always as identity constraint uq_tickets_number unique,
        title varchar(255) not null constraint ck_tickets_title check (title <> ''),
        description text not null default '',
        status varchar(16) not null default 'open'
            constraint ck_tickets_status check (status in ('open', 'in_progress', 'resolved', 'closed')),
        priority varchar(16) not null default 'normal'
            constraint ck_tickets_priority check (priority in ('low', 'normal', 'high', 'urgent')),
        requester_id uuid not null constraint fk_tickets_requester_id_users references users,
        version integer not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        deleted_at timestamptz,
        deleted_by_job uuid
    )
"""
JOBS = """
    create table jobs (
        id uuid not null default uuidv7() constraint pk_jobs primary key,
        type varchar(64) not null,
        params jsonb not null default '{}',
        requested_by uuid not null constraint fk_jobs_requested_by_users references users,
        status varchar(16) not null default 'queued' constraint ck_jobs_status
            check (status in ('queued', 'running', 'paused', 'completed', 'failed', 'canceled')),
        total integer not null,
        succeeded integer not null default 0,
        failed integer not null default 0,
        duplicates integer not null default 0,
        revision bigint not null default 1,
        reason text,
        error text,
        created_at timestamptz not null default clock_timestamp(),
        started_at timestamptz,
        finished_at timestamptz,
        updated_at timestamptz not null default clock_timestamp(),
        constraint ck_jobs_counts check (succeeded >= 0 and failed >= 0 and succeeded + failed <= total),
        constraint ck_jobs_completed check (status <> 'completed' or succeeded + failed = total)
    ) with (fillfactor = 50)
"""
JOB_CHUNKS = """
    create table job_chunks (
        job_id uuid not null constraint fk_job_chunks_job_id_jobs references jobs on delete cascade,
        no integer not null,
        first_position integer not null,
        size integer not null constraint ck_job_chunks_size check (size > 0),
        ticket_ids uuid[] not null,
        state varchar(16) not null default 'pending'
            constraint ck_job_chunks_state check (state in ('pending', 'done')),
        constraint pk_job_chunks primary key (job_id, no)
    )
"""
JOB_ITEMS = """
    create table job_items (
        job_id uuid not null,
        position integer not null,
        ticket_id uuid not null,
        result varchar(16) not null constraint ck_job_items_result check (result in ('succeeded', 'failed')),
        code varchar(32) not null,
        before jsonb,
        at timestamptz not null default clock_timestamp(),
        constraint pk_job_items primary key (job_id, position)
    )
"""
IDEMPOTENCY_KEYS = """
    create table idempotency_keys (
        owner_id uuid not null constraint fk_idempotency_keys_owner_id_users references users,
        key varchar(255) not null,
        fingerprint bytea not null,
        job_id uuid not null constraint fk_idempotency_keys_job_id_jobs
            references jobs on delete cascade deferrable initially deferred,
        created_at timestamptz not null default now(),
        constraint pk_idempotency_keys primary key (owner_id, key)
    )
"""
INDEXES = (
    "create unique index uq_users_username on users (lower(username))",
    "create unique index uq_users_email on users (lower(email))",
    "create index ix_tickets_newest on tickets (created_at desc, id desc) where deleted_at is null",
    "create index ix_tickets_status_newest on tickets (status, created_at desc, id desc) where deleted_at is null",
    """
    create index ix_tickets_requester_newest on tickets (requester_id, created_at desc, id desc)
    where deleted_at is null
    """,
    "create index ix_jobs_active on jobs (id) where status in ('paused', 'queued', 'running')",
    "create index ix_jobs_finished on jobs (finished_at) where finished_at is not null",
    "create index ix_jobs_requested_by on jobs (requested_by, id)",
    "create index ix_job_chunks_pending on job_chunks (job_id, no) where state = 'pending'",
    "create index ix_job_items_failed on job_items (job_id, position) where result = 'failed'",
    "create index ix_idempotency_keys_created_at on idempotency_keys (created_at)",
    "create index ix_idempotency_keys_job_id on idempotency_keys (job_id)",
)


def upgrade() -> None:
    for table in (USERS, TICKETS, JOBS, JOB_CHUNKS, JOB_ITEMS, IDEMPOTENCY_KEYS):
        op.execute(table)
    # Random ids do not compress; not trying saves the time, and lets slices be read without the whole.
    op.execute("alter table job_chunks alter column ticket_ids set storage external")
    for index in INDEXES:
        op.execute(index)


def downgrade() -> None:
    for table in ("idempotency_keys", "job_items", "job_chunks", "jobs", "tickets", "users"):
        op.execute(f"drop table {table}")
