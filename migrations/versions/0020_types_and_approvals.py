"""Types of tickets, with fields and states of their own; and links to approve some with.

Revision ID: 0020
Revises: 0019
"""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

STATUSES = "'open', 'in_progress', 'pending', 'resolved', 'closed'"
NEW_STATUSES = "'pending_approval', 'approved', 'rejected', 'fulfilled'"
RUNNING = "'open', 'in_progress'"
SOLVED = "'resolved', 'closed'"
DESCRIPTION = "left(description, 20000)"
# Fields come after the description, and have room of their own.
WITH_FIELDS = """
    left(description, 20000) || case when fields = '{}' then '' else (
        select ' ' || string_agg(left(value, 5000), ' ') from jsonb_each_text(fields)
    ) end
"""

# Defaults that are constant rewrite nothing, and a constraint that is not valid yet looks at no row. All of this can be
# run again, as it is committed before existing tickets are looked at.
COLUMNS = (
    """
    alter table tickets
        add column if not exists type text not null default 'general',
        add column if not exists fields jsonb not null default '{}'
    """,
    "alter table tickets drop constraint if exists ck_tickets_status",
    f"alter table tickets add constraint ck_tickets_status check (status in ({STATUSES}, {NEW_STATUSES})) not valid",
    "alter table import_rows add column if not exists type text default 'general'",
    "alter table import_rows add column if not exists fields jsonb default '{}'",
)
LINKS = (
    """
    create table if not exists approval_tokens (
        token_hash bytea not null constraint pk_approval_tokens primary key,
        ticket_id uuid not null,
        user_id uuid not null constraint fk_approval_tokens_user_id_users references users,
        expires_at timestamptz not null
    )
    """,
    "create index if not exists ix_approval_tokens_expires_at on approval_tokens (expires_at)",
)
# Both read all tickets, while others go on writing. An index that was not finished is left as invalid.
LATER = (
    "set lock_timeout = 0",
    "alter table tickets validate constraint ck_tickets_status",
    "drop index if exists ix_tickets_typed_newest",
    """
    create index concurrently ix_tickets_typed_newest on tickets (created_at desc, id desc)
    where deleted_at is null and type <> 'general'
    """,
    "set lock_timeout = '5s'",
)
# States that an older version does not know become some that it does.
BACK = (
    "update tickets set status = 'open' where status in ('pending_approval', 'approved')",
    "update tickets set status = 'closed' where status in ('rejected', 'fulfilled')",
    "drop index ix_tickets_typed_newest",
    f"""
    alter table tickets
        drop type, drop fields,
        drop constraint ck_tickets_status, add constraint ck_tickets_status check (status in ({STATUSES}))
    """,
    "alter table import_rows drop type, drop fields",
)

# As before, but for <running>: the states in which the clock of deadlines runs; and <solved>: those that are an end.
CLOCK = (
    """
    create or replace function due_at_of(ticket tickets) returns timestamptz language plpgsql stable as $$
    declare
        policy sla_policies;
        calendar calendars;
    begin
        if ticket.status not in (<running>) then
            return null;
        end if;
        select * into policy from sla_policies
        where (priorities = '{}' or ticket.priority = any(priorities)) and (tags = '{}' or tags && ticket.tags)
        order by position, lower(name) limit 1;
        if not found then
            return null;
        end if;
        select * into calendar from calendars where id = policy.calendar_id;
        return least(
            case when ticket.first_answered_at is null
                then business_deadline(ticket.created_at, policy.first_answer_minutes, calendar, ticket.pauses) end,
            business_deadline(ticket.waiting_since, policy.next_answer_minutes, calendar, ticket.pauses),
            business_deadline(ticket.created_at, policy.solution_minutes, calendar, ticket.pauses)
        );
    end
    $$
    """,
    """
    create or replace function keep_deadline() returns trigger language plpgsql as $$
    declare
        runs boolean := new.status in (<running>);
        from_now_on tstzmultirange := tstzmultirange(tstzrange(clock_timestamp(), null));
    begin
        new.solved_at := case when new.status in (<solved>) then coalesce(new.solved_at, clock_timestamp()) end;
        if runs = upper_inf(new.pauses) then
            new.pauses := case when runs then new.pauses - from_now_on else new.pauses + from_now_on end;
        end if;
        if runs and current_setting('bulkhead.has_policies')::boolean then
            new.due_at := due_at_of(new);
        elsif new.due_at is not null then
            new.due_at := null;
        end if;
        if new.breached then
            new.breached := new.due_at is null or new.due_at <= clock_timestamp();
        end if;
        return new;
    end
    $$
    """,
    """
    create or replace trigger tickets_keep_deadline_of_new before insert on tickets
    for each row when (new.status not in (<running>) or current_setting('bulkhead.has_policies')::boolean)
    execute function keep_deadline()
    """,
)
# As before, but for <described>: what is searched beside title, number, comments and contact.
TEXTS = """
    create or replace function write_ticket_texts(ids uuid[]) returns void
    language plpgsql
    as $$
    begin
        perform from contacts where id in (select contact_id from tickets where id = any(ids)) order by id for share;
        perform from ticket_texts where ticket_id = any(ids) order by ticket_id for update;
        insert into ticket_texts (ticket_id, document)
        select tickets.id,
            setweight(to_tsvector('simple', search_words(tickets.number || ' ' || title)), 'A')
            || setweight(to_tsvector('simple', search_words(<described>)), 'C')
            || setweight(to_tsvector('simple', search_words(left(coalesce(open, ''), 100000))), 'D')
            || setweight(to_tsvector('simple', search_words(left(
                concat_ws(' ', name, email, organization, internal), 50000))), 'B')
        from tickets
        left join contacts on contacts.id = contact_id
        cross join lateral (
            select string_agg(body, ' ' order by id desc) filter (where not internal),
                   string_agg(body, ' ' order by id desc) filter (where internal)
            from (select * from comments where ticket_id = tickets.id order by id desc limit 500) as newest
        ) as comments (open, internal)
        where tickets.id = any(ids)
        order by tickets.id
        on conflict (ticket_id) do update set document = excluded.document;
    end
    $$
"""
WATCHED = """
    create or replace trigger ticket_texts_updated after update of title, description, contact_id, fields on tickets
    for each row
    when (
        (old.title, old.description, old.contact_id, old.fields)
        is distinct from (new.title, new.description, new.contact_id, new.fields)
        and coalesce(current_setting('bulkhead.writes_texts', true), '') <> 'on'
    )
    execute function write_text_of_ticket()
"""


def clock(running: str, solved: str) -> list[str]:
    return [statement.replace("<running>", running).replace("<solved>", solved) for statement in CLOCK]


UP = (
    *COLUMNS,
    *LINKS,
    *clock(f"{RUNNING}, 'pending_approval', 'approved'", f"{SOLVED}, 'rejected', 'fulfilled'"),
    TEXTS.replace("<described>", WITH_FIELDS),
    WATCHED,
)
DOWN = (
    "drop table approval_tokens",
    WATCHED.replace(", fields", "").replace(", old.fields", "").replace(", new.fields", ""),
    TEXTS.replace("<described>", DESCRIPTION),
    *clock(RUNNING, SOLVED),
    *BACK,
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)
    with op.get_context().autocommit_block():
        for statement in LATER:
            op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
