"""The SQL that puts a ticket's history together; nothing here writes.

What was changed by hand is on record with its before and after. What a bulk job changed is in its items, which keep the
fields that the job may have overwritten as they were, and no more. What a field became is what the next change of it
found, or else what the ticket has now. Each change counts the version up, so a missing one shows: what came before it
may have become anything, and such a change is told by the version alone.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import TIMESTAMP, BigInteger, Integer, String, Uuid, bindparam, text

from app.history.models import Actor, Change, Place
from app.history.queries import HistoryQuery
from app.reads import Reader, Statement

# `run` is the same for versions between which none is missing. An item without a `before` is of a delete, which
# overwrites nothing: its ticket was not deleted. An import makes tickets, and changes none; a comment
# leaves its ticket as it is. The same time can be written in two ways.
_PAGE = Statement(
    text(r"""
    with ticket as materialized (
        select id, version, to_jsonb(tickets) as now from tickets
        where id = :ticket_id and (:own is null or requester_id = :own and deleted_at is null)
    ),
    recorded (at, record, version, actor_id, job_id, reason, internal, changes) as (
        select at, change.id, change.version, actor_id, cast(null as uuid), reason, internal, changes
        from ticket join ticket_changes as change on ticket_id = ticket.id
        union all
        select at, 0, item.version, requested_by, job_id, reason, false, coalesce(before, '{"deletedAt"\: null}')
        from ticket
        join job_items as item on ticket_id = ticket.id and item.version is not null and result = 'succeeded'
        join jobs on jobs.id = job_id and type not in ('bulk-import', 'bulk-comment')
    ),
    numbered as (
        select *, version + dense_rank() over (order by version desc nulls last) as run from recorded
    ),
    fields as (
        select numbered.*, key as field,
               case when job_id is null then value -> 0 else value end as before,
               case when job_id is null then value -> 1 end as after
        from numbered, jsonb_each(changes)
    ),
    followed as (
        select fields.*, lag(run, 1, ticket.version + 1) over newer as next_run,
               lag(before, 1, now -> lower(regexp_replace(field, '([A-Z])', '_\1', 'g'))) over newer as found_next
        from fields, ticket
        where field <> 'deletedByJob'
        window newer as (partition by field order by fields.version desc nulls last)
    ),
    known as (
        select at, record, version, actor_id, job_id, reason, internal, field, before,
               coalesce(after, case when next_run = run then found_next end) as after
        from followed
    ),
    told as (
        select at, record, actor_id, job_id, reason, internal, field, before, after from known
        where after is not null
          and case when field like '%At'
              then cast(before #>> '{}' as timestamptz) is distinct from cast(after #>> '{}' as timestamptz)
              else before <> after end
        union all
        select distinct at, record, actor_id, job_id, reason, internal,
                        'version', to_jsonb(version - 1), to_jsonb(version)
        from known where after is null
    )
    select at, record, actor_id, username, job_id, field, before, after, reason
    from ticket left join (
        select at, record, field, before, after, actor_id,
               case when :own is null then job_id end as job_id,
               case when :own is null or job_id is null then reason end as reason
        from told
        where (:own is null or not internal)
          and (:after_at is null or (at, record, field) < (:after_at, :after_record, :after_field))
        order by at desc, record desc, field desc limit :limit
    ) as page on true left join users on users.id = actor_id
    order by at desc, record desc, field desc
""").bindparams(
        bindparam("ticket_id", type_=Uuid),
        bindparam("own", None, Uuid),
        bindparam("after_at", None, TIMESTAMP(timezone=True)),
        bindparam("after_record", None, BigInteger),
        bindparam("after_field", None, String),
        bindparam("limit", type_=Integer),
    )
)


_IS_LONG = Statement(
    text("""
        select count(*) > :most from (
            select from tickets join ticket_changes on ticket_id = tickets.id
            where tickets.id = :ticket_id and (:own is null or requester_id = :own and deleted_at is null)
            limit :most + 1
        ) as changes
    """).bindparams(bindparam("ticket_id", type_=Uuid), bindparam("own", None, Uuid), bindparam("most", type_=Integer))
)


async def is_long(reader: Reader, ticket_id: UUID, *, requester_id: UUID | None, most: int) -> bool:
    """Tell whether more than so many changes by hand are on record, of a ticket that may be seen."""
    [[found]] = await reader.fetch(_IS_LONG, ticket_id=ticket_id, own=requester_id, most=most)
    return bool(found)


async def find_page(
    reader: Reader, ticket_id: UUID, query: HistoryQuery, *, requester_id: UUID | None, after: Place | None
) -> list[Change] | None:
    """Return what became of a ticket, newest first, and one change more than the query's limit.

    None where there is no such ticket; for a requester also, where it is not their own, or deleted. They are not told
    what is internal, nor jobs and their reasons, which are for the audit log.
    """
    values: dict[str, Any] = {"ticket_id": ticket_id, "own": requester_id, "limit": query.limit + 1}
    if after is not None:
        values |= {"after_at": after.at, "after_record": after.record, "after_field": after.field}
    rows = await reader.fetch(_PAGE, **values)
    return [_change(row) for row in rows if row[0] is not None] if rows else None


def _change(row: Sequence[Any]) -> Change:
    at, record, actor_id, username, job_id, field, before, after, reason = row
    actor = Actor(actor_id, username) if username is not None else None
    return Change(at, record, actor, job_id, field, _read(field, before), _read(field, after), reason)


def _read(field: str, value: Any) -> Any:
    """Return a time as one, as it was not always written in the same way."""
    return datetime.fromisoformat(value) if field.endswith("At") and value is not None else value
