"""What is searched of tickets: kept by triggers, so that no writer can forget it.

Revision ID: 0011
Revises: 0010
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# All can be run again, as they are committed before the texts of existing tickets are written.
UP = (
    """
    create table if not exists ticket_texts (
        ticket_id uuid not null constraint pk_ticket_texts primary key
            constraint fk_ticket_texts_ticket_id_tickets references tickets on delete cascade,
        document tsvector not null
    )
    """,
    # Makes words of what is written and of what is looked for alike, whatever stands between them and whatever locale
    # the database has. Postgres' own parser takes an e-mail address or a path for one word, and the 7 of x-7 for -7.
    """
    create or replace function search_words(written text) returns text
    language sql immutable strict parallel safe
    return regexp_replace(written collate pg_c_utf8, '[^[:alnum:]]+', ' ', 'g')
    """,
    # Finds words by their beginning, numbers whole, "words in quotes" as they stand; null where there is no word.
    r"""
    create or replace function search_query(wanted text) returns tsquery
    language sql immutable strict parallel safe
    return (
        select string_agg(words || case when is_whole then '' else ':*' end, ' & ')::tsquery
        from regexp_matches(wanted collate pg_c_utf8, '"([^"]*)("?)|([^\s"]+)', 'g') as piece (part)
        cross join lateral (
            select phraseto_tsquery('simple', search_words(coalesce(part[1], part[3])))::text,
                   part[2] = '"' or part[3] ~ '^#?\d+$'
        ) as sought (words, is_whole)
        where words <> ''
    )
    """,
    # A is title and number; C the description; D comments; B what requesters do not find: the contact and internal
    # comments. B comes last, so that the places of the other words tell nothing of it. A tsvector has room for 1 MB,
    # of which a character takes 5 bytes at most.
    #
    # What others are changing of a ticket's contact or comments is waited for, and read by the next statement.
    """
    create or replace function write_ticket_texts(ids uuid[]) returns void
    language plpgsql
    as $$
    begin
        perform from contacts where id in (select contact_id from tickets where id = any(ids)) order by id for share;
        perform from ticket_texts where ticket_id = any(ids) order by ticket_id for update;
        insert into ticket_texts (ticket_id, document)
        select tickets.id,
            setweight(to_tsvector('simple', search_words(tickets.number || ' ' || title)), 'A')
            || setweight(to_tsvector('simple', search_words(left(description, 20000))), 'C')
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
    """,
    """
    create or replace function write_texts_of_new_tickets() returns trigger
    language plpgsql
    as $$
    begin
        perform write_ticket_texts(array(select id from new_rows));
        return null;
    end
    $$
    """,
    """
    create or replace function write_text_of_ticket() returns trigger
    language plpgsql
    as $$
    begin
        perform write_ticket_texts(array[new.id]);
        return null;
    end
    $$
    """,
    """
    create or replace function write_texts_of_contact() returns trigger
    language plpgsql
    as $$
    begin
        perform write_ticket_texts(array(select id from tickets where contact_id = new.id));
        return null;
    end
    $$
    """,
    """
    create or replace function write_texts_of_comments() returns trigger
    language plpgsql
    as $$
    declare
        ids uuid[] := '{}';
    begin
        if tg_op <> 'DELETE' then
            ids := array(select ticket_id from new_rows);
        end if;
        if tg_op <> 'INSERT' then
            ids := ids || array(select ticket_id from old_rows);
        end if;
        perform write_ticket_texts(ids);
        return null;
    end
    $$
    """,
    """
    create or replace trigger ticket_texts_inserted after insert on tickets
    referencing new table as new_rows
    for each statement execute function write_texts_of_new_tickets()
    """,
    # Bulk delete and bulk update set none of these columns, and so never get here. Who changes many tickets at once can
    # say that it writes their texts itself, with one call: a call for each takes fifteen times as long.
    """
    create or replace trigger ticket_texts_updated after update of title, description, contact_id on tickets
    for each row
    when (
        (old.title, old.description, old.contact_id) is distinct from (new.title, new.description, new.contact_id)
        and coalesce(current_setting('bulkhead.writes_texts', true), '') <> 'on'
    )
    execute function write_text_of_ticket()
    """,
    """
    create or replace trigger ticket_texts_updated after update of name, email, organization on contacts
    for each row
    when ((old.name, old.email, old.organization) is distinct from (new.name, new.email, new.organization))
    execute function write_texts_of_contact()
    """,
    """
    create or replace trigger ticket_texts_inserted after insert on comments
    referencing new table as new_rows
    for each statement execute function write_texts_of_comments()
    """,
    """
    create or replace trigger ticket_texts_updated after update on comments
    referencing old table as old_rows new table as new_rows
    for each statement execute function write_texts_of_comments()
    """,
    """
    create or replace trigger ticket_texts_deleted after delete on comments
    referencing old table as old_rows
    for each statement execute function write_texts_of_comments()
    """,
)

# Each batch is committed by itself: it takes no lock on tickets that anyone would wait for.
FILL = """
    do $$
    declare
        last_id uuid := '00000000-0000-0000-0000-000000000000';
        batch uuid[];
    begin
        loop
            batch := array(
                select id from tickets
                where id > last_id and not exists (select from ticket_texts where ticket_id = id)
                order by id limit 10000
            );
            exit when batch = '{}';
            perform write_ticket_texts(batch);
            commit;
            last_id := batch[cardinality(batch)];
        end loop;
    end
    $$
"""
# It waits for all who are writing, as nobody waits for it. One that was not finished is left as invalid.
INDEX = (
    "set lock_timeout = 0",
    "drop index if exists ix_ticket_texts_document",
    "create index concurrently ix_ticket_texts_document on ticket_texts using gin (document)",
    "set lock_timeout = '5s'",
    "analyze ticket_texts",
)
DOWN = (
    "drop trigger ticket_texts_deleted on comments",
    "drop trigger ticket_texts_updated on comments",
    "drop trigger ticket_texts_inserted on comments",
    "drop trigger ticket_texts_updated on contacts",
    "drop trigger ticket_texts_updated on tickets",
    "drop trigger ticket_texts_inserted on tickets",
    "drop function write_texts_of_comments, write_texts_of_contact, write_text_of_ticket, write_texts_of_new_tickets",
    "drop function write_ticket_texts, search_query, search_words",
    "drop table ticket_texts",
)


def upgrade() -> None:
    for statement in UP:
        op.execute(statement)
    with op.get_context().autocommit_block():
        for statement in (FILL, *INDEX):
            op.execute(statement)


def downgrade() -> None:
    for statement in DOWN:
        op.execute(statement)
