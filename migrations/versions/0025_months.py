"""Items of jobs and rows of the audit log by the month, so that what is too old goes with its table.

Revision ID: 0025
Revises: 0024

A table that is there becomes the first partition, however large it is, while others read and write it. That all its
rows are of before the months that follow is checked without keeping anybody waiting; the rest takes a lock for some
hundredths of a second, which is given back and asked for again where somebody else is in the way.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

MONTHS_AHEAD = 2
# Until the first month begins, all that is new still goes into the old table: a migration that was cut off has that
# long to be run again. Then what it has left refuses new rows, and with them each login and each chunk.
BEFORE_THE_FIRST = timedelta(days=28)


class Plan(NamedTuple):
    table: str
    key: str
    primary_key: str
    newest: str  # when the newest key was made, by SQL
    indexes: dict[str, str]

    def bound(self, month: datetime) -> str:
        """Return the lowest key of a month, as a literal. Ids of jobs begin with the milliseconds since 1970."""
        key = UUID(int=int(month.timestamp()) * 1000 << 80) if self.key == "job_id" else month.isoformat()
        return f"'{key}'"


PLANS = (
    Plan(
        table="job_items",
        key="job_id",
        primary_key="job_id, position",
        newest="select uuid_extract_timestamp(id) from jobs order by id desc limit 1",
        indexes={
            "ix_job_items_failed": "(job_id, position) where result = 'failed'",
            "ix_job_items_ticket": "(ticket_id) where version is not null",
        },
    ),
    Plan(
        table="audit_log",
        key="at",
        primary_key="id, at",
        newest="select max(at) from audit_log",
        indexes={
            "ix_audit_log_at": "(at)",
            "ix_audit_log_actor": "(actor_id, id) where actor_id is not null",
            "ix_audit_log_subject": "(subject_id, id) where subject_id is not null",
        },
    ),
)

IS_PARTITIONED = "select relkind = 'p' from pg_class where oid = cast('{table}' as regclass)"
HAS_ROWS = "select exists (select from {table})"
COPY = "insert into {table}_old select * from {table}"
TRIES = 600
# Do all of it in one transaction, once the lock is had.
UNDER_LOCK = """
    do $under_lock$
    declare
        options text;  -- of storage and autovacuum, which a partitioned table has none of
        next_id bigint;
        allowed record;
    begin
        for number in 1..{tries} loop
            begin
                set local lock_timeout = '100ms';
                lock table {table} in access exclusive mode;
                exit;
            exception when lock_not_available then
                if number = {tries} then
                    raise;
                end if;
                perform pg_sleep(1);
            end;
        end loop;
        {statements};
    end $under_lock$
"""
KEEP_OPTIONS = """
    select coalesce('with (' || string_agg(option, ', ') || ')', '') into options
    from pg_class, unnest(reloptions) as option where oid = cast('{table}_old' as regclass)
"""
APPEND_ONLY = (
    "create trigger {table}_append_only before update on {name} for each statement execute function refuse_change()"
)
# An identity is the partitioned table's, and goes on where that of the table was.
OLD_AUDIT_LOG = [
    "select last_value + cast(is_called as int) into next_id from audit_log_id_seq",
    "alter table audit_log_old alter column id drop identity",
    "alter table audit_log_old drop constraint pk_audit_log",
    "alter table audit_log_old add constraint pk_audit_log_old primary key using index pk_audit_log_old",
]
NEW_IDS = [
    "alter table audit_log alter column id add generated always as identity",
    "execute 'alter table audit_log alter column id restart with ' || next_id",
]
AUDIT_LOG_AS_IT_WAS = [
    "alter table audit_log_old drop constraint pk_audit_log_old",
    "alter table audit_log_old add constraint pk_audit_log_ primary key (id)",
]
IDS_AS_THEY_WERE = [
    "alter table audit_log alter column id add generated always as identity",
    "select setval('audit_log_id_seq', coalesce(max(id), 1), max(id) is not null) from audit_log",
]
# Who had rights on the table has them on what took its place.
GRANT = """
    for allowed in
        select privilege_type, case grantee when 0 then 'public' else cast(cast(grantee as regrole) as text) end as who
        from pg_class, aclexplode(relacl) where oid = cast('{table}_old' as regclass) and grantee <> relowner
    loop
        execute format('grant %s on {table} to %s', allowed.privilege_type, allowed.who);
    end loop
"""


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for plan in PLANS:
            if not scalar(IS_PARTITIONED.format(table=plan.table)):
                partition(plan)


def downgrade() -> None:
    for plan in PLANS:
        unite(plan)


def partition(plan: Plan) -> None:
    table, now = plan.table, scalar("select now()")
    if scalar(HAS_ROWS.format(table=table)):
        first = month_after(max(now + BEFORE_THE_FIRST, scalar(plan.newest) or now))
        check_that_all_is_before(plan, first)
    else:
        first = month_of(now)
    index_anew(plan)
    under_lock(table, *renamed(plan), *parent(plan), *partitions(plan, first, now), GRANT.format(table=table))
    op.execute(f"analyze {table}")


def check_that_all_is_before(plan: Plan, first: datetime) -> None:
    """Have Postgres know what attaching the table asks for, or else it would read all of the table under the lock."""
    table = f"alter table {plan.table}"
    check = f"add constraint before_months check ({plan.key} < {plan.bound(first)}) not valid"
    under_lock(plan.table, f"{table} drop constraint if exists before_months", f"{table} {check}")
    patiently(f"{table} validate constraint before_months")


def index_anew(plan: Plan) -> None:
    """Make the index of the new primary key, of which a partition's key has to be a part."""
    if plan.table == "audit_log":
        patiently("drop index concurrently if exists pk_audit_log_old")
        patiently("create unique index concurrently pk_audit_log_old on audit_log (id, at)")


def renamed(plan: Plan) -> list[str]:
    table = plan.table
    statements = [f"alter table {table} rename to {table}_old", KEEP_OPTIONS.format(table=table)]
    statements += [f"alter index {index} rename to {index}_old" for index in plan.indexes]
    return statements + (
        OLD_AUDIT_LOG if table == "audit_log" else [f"alter index pk_{table} rename to pk_{table}_old"]
    )


def parent(plan: Plan) -> list[str]:
    table = plan.table
    like = f"like {table}_old including defaults including constraints including storage"
    return [
        f"create table {table} ({like}) partition by range ({plan.key})",
        f"alter table {table} drop constraint if exists before_months",
        *(NEW_IDS if table == "audit_log" else []),
        f"alter table {table} add constraint pk_{table} primary key ({plan.primary_key})",
        *(f"create index {index} on {table} {on}" for index, on in plan.indexes.items()),
        APPEND_ONLY.format(table=table, name=table),
    ]


def partitions(plan: Plan, first: datetime, now: datetime) -> list[str]:
    """Return what attaches the old table as all before the first month, and makes the others."""
    table, statements = plan.table, []
    statements += [
        f"alter table {table} attach partition {table}_old for values from (minvalue) to ({plan.bound(first)})",
        f"alter table {table}_old drop constraint if exists before_months",
        *added(table, f"{table}_default", "default"),
    ]
    month, last = first, month_after(month_after(month_of(now)))
    while month <= last:
        values = f"for values from ({plan.bound(month)}) to ({plan.bound(month_after(month))})"
        statements += added(table, f"{table}_{month:%Y_%m}", values)
        month = month_after(month)
    return statements


def added(table: str, name: str, values: str) -> list[str]:
    values = values.replace("'", "''")
    return [
        f"execute 'create table {name} partition of {table} {values} ' || options",
        APPEND_ONLY.format(table=table, name=name),
    ]


def unite(plan: Plan) -> None:
    """Put all rows into the old table, and that into its old place."""
    table = plan.table
    for statement in (
        f"lock table {table} in access exclusive mode",
        f"alter table {table} detach partition {table}_old",
        COPY.format(table=table),
        *(AUDIT_LOG_AS_IT_WAS if table == "audit_log" else [f"alter index pk_{table}_old rename to pk_{table}_"]),
        f"drop table {table}",
        f"alter table {table}_old rename to {table}",
        f"alter index pk_{table}_ rename to pk_{table}",
        *(f"alter index {index}_old rename to {index}" for index in plan.indexes),
        *(IDS_AS_THEY_WERE if table == "audit_log" else []),
    ):
        op.execute(statement)


def month_of(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def month_after(moment: datetime) -> datetime:
    """Return the beginning of the month after that of `moment`."""
    return month_of(month_of(moment) + timedelta(days=31))


def scalar(statement: str) -> Any:
    return op.get_bind().exec_driver_sql(statement).scalar()


def patiently(statement: str) -> None:
    """Execute what keeps nobody waiting, and so may wait as long as it likes."""
    op.execute("set lock_timeout = 0")
    op.execute(statement)
    op.execute("set lock_timeout = '5s'")


def under_lock(table: str, *statements: str) -> None:
    op.execute(UNDER_LOCK.format(table=table, tries=TRIES, statements=";\n        ".join(statements)))
