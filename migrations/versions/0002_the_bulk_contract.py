"""Tags and assignees; jobs by filter, pause, retry and undo; the audit log.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

LINKS = ("parent_job_id", "retried_by", "undone_by")
LINK = "add {0} uuid constraint fk_jobs_{0}_jobs references jobs on delete set null"
UP = (
    """
    alter table tickets
        add assignee_id uuid constraint fk_tickets_assignee_id_users references users,
        add tags text[] not null default '{}'
    """,
    """
    create index ix_tickets_assignee_newest on tickets (assignee_id, created_at desc, id desc)
    where deleted_at is null and assignee_id is not null
    """,
    "create index ix_tickets_tags on tickets using gin (tags) where deleted_at is null",
    f"""
    alter table jobs
        alter total drop not null,
        {", ".join(LINK.format(link) for link in LINKS)},
        add undo_days integer,
        add priority varchar(8) not null default 'normal'
            constraint ck_jobs_priority check (priority in ('low', 'normal', 'high')),
        add run_at timestamptz,
        add max_items_per_second integer,
        add not_before timestamptz,
        add paused_at timestamptz,
        add paused_seconds double precision not null default 0,
        drop constraint ck_jobs_completed,
        add constraint ck_jobs_completed
            check (status <> 'completed' or total is not null and succeeded + failed = total)
    """,
    *(f"create index ix_jobs_{link} on jobs ({link}) where {link} is not null" for link in LINKS),
    "alter table job_chunks add source_first integer, add source_last integer",
    "alter table job_items add version integer",
    """
    create table audit_log (
        id bigint not null generated always as identity constraint pk_audit_log primary key,
        at timestamptz not null default clock_timestamp(),
        action varchar(32) not null,
        actor_id uuid,
        subject_id uuid,
        items integer,
        reason text,
        request_id varchar(64),
        address varchar(64),
        details jsonb not null default '{}'
    )
    """,
    "create index ix_audit_log_at on audit_log (at)",
    "create index ix_audit_log_actor on audit_log (actor_id, id) where actor_id is not null",
    "create index ix_audit_log_subject on audit_log (subject_id, id) where subject_id is not null",
    """
    create function refuse_change() returns trigger language plpgsql as
    $$ begin raise 'Rows of % are never changed', tg_table_name; end $$
    """,
    """
    create trigger audit_log_append_only before update on audit_log
    for each statement execute function refuse_change()
    """,
)
DOWN = (
    "drop table audit_log",
    "drop function refuse_change",
    "alter table job_items drop version",
    "alter table job_chunks drop source_first, drop source_last",
    # The older schema has no word for a job whose targets nobody has counted.
    "update jobs set total = 0, status = 'canceled', finished_at = now() where total is null",
    f"""
    alter table jobs
        alter total set not null,
        {", ".join(f"drop {link}" for link in LINKS)},
        drop undo_days,
        drop priority,
        drop run_at,
        drop max_items_per_second,
        drop not_before,
        drop paused_at,
        drop paused_seconds,
        drop constraint ck_jobs_completed,
        add constraint ck_jobs_completed check (status <> 'completed' or succeeded + failed = total)
    """,
    "alter table tickets drop assignee_id, drop tags",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
