"""Deadlines: policies, calendars, and what is due when.

Revision ID: 0014
Revises: 0013
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = (
    """
    create table calendars (
        id uuid not null default uuidv7() constraint pk_calendars primary key,
        name varchar(100) not null,
        time_zone varchar(64) not null,
        hours jsonb not null,
        holidays date[] not null default '{}'
    )
    """,
    "create unique index uq_calendars_name on calendars (lower(name))",
    """
    create table sla_policies (
        id uuid not null default uuidv7() constraint pk_sla_policies primary key,
        name varchar(100) not null,
        position integer not null,
        priorities text[] not null default '{}',
        tags text[] not null default '{}',
        first_answer_minutes integer,
        next_answer_minutes integer,
        solution_minutes integer,
        calendar_id uuid constraint fk_sla_policies_calendar_id_calendars references calendars,
        constraint ck_sla_policies_minutes
            check (coalesce(first_answer_minutes, next_answer_minutes, solution_minutes) is not null)
    )
    """,
    "create unique index uq_sla_policies_name on sla_policies (lower(name))",
    """
    alter table tickets
        add due_at timestamptz,
        add breached boolean not null default false,
        add first_answered_at timestamptz,
        add waiting_since timestamptz,
        add solved_at timestamptz,
        add pauses tstzmultirange not null default '{}'
    """,
    """
    create index ix_tickets_due on tickets (due_at) where deleted_at is null and due_at is not null and not breached
    """,
    """
    create index ix_tickets_breached on tickets (created_at desc, id desc) where deleted_at is null and breached
    """,
)
# When a calendar is open on a day, as moments. An opening within the hour that a clock skips begins when it would have
# without the skip; one that would end before that is none.
OPENING_HOURS = """
    create function opening_hours(calendar calendars, day date) returns tstzmultirange language plpgsql stable as $$
    declare
        spans tstzmultirange := '{}';
    begin
        if day = any(calendar.holidays) then
            return spans;
        end if;
        select coalesce(range_agg(tstzrange(least(opens, closes), closes)), spans) into spans
        from jsonb_array_elements(calendar.hours) as span,
             lateral (select (day + (span ->> 'opens')::time) at time zone calendar.time_zone as opens,
                             (day + (span ->> 'closes')::time) at time zone calendar.time_zone as closes) as at
        where (span ->> 'weekday')::int = extract(isodow from day);
        return spans;
    end
    $$
"""
# Without a calendar (all of it is null) the clock runs day and night. Null where a thousand days do not have so many
# open minutes.
BUSINESS_DEADLINE = """
    create function business_deadline(
        since timestamptz, minutes integer, calendar calendars, pauses tstzmultirange
    ) returns timestamptz language plpgsql stable as $$
    declare
        first_day date := (since at time zone coalesce(calendar.time_zone, 'UTC'))::date;
        counted tstzmultirange := tstzmultirange(tstzrange(since, null)) - pauses;
        spans tstzmultirange := counted;
        left_seconds numeric := 60 * minutes;
        open_seconds numeric;
        open tstzrange;
    begin
        if since is null or minutes is null then
            return null;
        end if;
        for day in 0..1000 loop
            if calendar.id is not null then
                spans := opening_hours(calendar, first_day + day) * counted;
            end if;
            continue when spans = '{}';
            for open in select unnest(spans) loop
                open_seconds := coalesce(extract(epoch from upper(open) - lower(open)), 'infinity');
                if open_seconds >= left_seconds then
                    return lower(open) + make_interval(secs => left_seconds::double precision);
                end if;
                left_seconds := left_seconds - open_seconds;
            end loop;
        end loop;
        return null;
    end
    $$
"""
DUE_AT_OF = """
    create function due_at_of(ticket tickets) returns timestamptz language plpgsql stable as $$
    declare
        policy sla_policies;
        calendar calendars;
    begin
        if ticket.status not in ('open', 'in_progress') then
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
"""
# Asked once a statement, not for each of the 100,000 tickets that it may write: that would take half of a bulk update's
# speed where there are no policies.
LOOK_FOR_POLICIES = """
    create function look_for_policies() returns trigger language plpgsql as $$
    begin
        perform set_config('bulkhead.has_policies', (exists (select from sla_policies))::text, true);
        return null;
    end
    $$
"""
# The clock stands still while nobody here can be late: `pauses` has the spans, the last one open while it does.
KEEP_DEADLINE = """
    create function keep_deadline() returns trigger language plpgsql as $$
    declare
        runs boolean := new.status in ('open', 'in_progress');
        from_now_on tstzmultirange := tstzmultirange(tstzrange(clock_timestamp(), null));
    begin
        new.solved_at := case when new.status in ('resolved', 'closed')
                              then coalesce(new.solved_at, clock_timestamp()) end;
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
"""
TAKE_NOTE_OF_ANSWER = """
    create function take_note_of_answer() returns trigger language plpgsql as $$
    begin
        update tickets
        set first_answered_at = case when new.author_id = requester_id then first_answered_at
                                     else coalesce(first_answered_at, new.created_at) end,
            waiting_since = case when new.author_id = requester_id then new.created_at end
        where id = new.ticket_id
          and case when new.author_id = requester_id then waiting_since is null
                   else first_answered_at is null or waiting_since is not null end;
        return null;
    end
    $$
"""
# A delete and a restore set none of these columns, so for them the triggers are not even looked at; an undo sets
# them to what they were.
WRITTEN = "update of status, priority, tags, created_at, first_answered_at, waiting_since"
TRIGGERS = (
    f"""
    create trigger tickets_look_for_policies before insert or {WRITTEN} on tickets
    for each statement execute function look_for_policies()
    """,
    """
    create trigger tickets_keep_deadline_of_new before insert on tickets
    for each row when (new.status not in ('open', 'in_progress') or current_setting('bulkhead.has_policies')::boolean)
    execute function keep_deadline()
    """,
    f"""
    create trigger tickets_keep_deadline before {WRITTEN} on tickets
    for each row when (
        old.status <> new.status or current_setting('bulkhead.has_policies')::boolean and
        (old.priority, old.tags, old.created_at, old.first_answered_at, old.waiting_since)
        is distinct from (new.priority, new.tags, new.created_at, new.first_answered_at, new.waiting_since)
    )
    execute function keep_deadline()
    """,
    """
    create trigger comments_take_note_of_answer after insert on comments
    for each row when (not new.internal) execute function take_note_of_answer()
    """,
)
UP = (
    *TABLES,
    OPENING_HOURS,
    BUSINESS_DEADLINE,
    DUE_AT_OF,
    LOOK_FOR_POLICIES,
    KEEP_DEADLINE,
    TAKE_NOTE_OF_ANSWER,
    *TRIGGERS,
)
DOWN = (
    "drop trigger comments_take_note_of_answer on comments",
    "drop trigger tickets_keep_deadline on tickets",
    "drop trigger tickets_keep_deadline_of_new on tickets",
    "drop trigger tickets_look_for_policies on tickets",
    "drop function take_note_of_answer, keep_deadline, look_for_policies, due_at_of, business_deadline, opening_hours",
    """
    alter table tickets
        drop due_at, drop breached, drop first_answered_at, drop waiting_since, drop solved_at, drop pauses
    """,
    "drop table sla_policies",
    "drop table calendars",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
