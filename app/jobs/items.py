"""The SQL that reads a job's items; nothing here commits.

An item that is done is a row. One that is not stands in the array of a pending chunk.
"""

from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Integer, String, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.jobs.models import CodeCount, Item
from app.jobs.queries import ExportQuery, ItemQuery
from app.reads import Reads, Statement

_JOB_ID = bindparam("job_id", type_=Uuid)
_FILTERS = (bindparam("result", type_=String), bindparam("code", type_=String))
_PARAMETERS = (
    _JOB_ID,
    bindparam("after", type_=Integer),
    bindparam("limit", type_=Integer),
    bindparam("names_tickets", type_=Boolean),
    *_FILTERS,
)

# The ticket of each item by its key, which a plain join is only where Postgres knows how many tickets there are: where
# it takes the table for empty that has just been filled, it reads all of it for that.
_TICKET = "lateral (select number, title from tickets where id = ticket_id offset 0) as ticket"

# Each half has a limit of its own: the rows come from their index in order, and no more of them than fill the page, nor
# are more arrays opened than that. Tickets are looked up for the rows of the page alone.
_PAGE = Statement(
    text(f"""
    select position, ticket_id, result, code, at, number, title
    from (
        (
            select position, ticket_id, result, code, at from job_items
            where job_id = :job_id and position > :after
              and (:result is null or :result <> 'unprocessed' and result = :result)
              and (:code is null or code = :code)
            order by position limit :limit
        )
        union all
        select first_position + ordinality - 1, ticket_id, 'unprocessed', null, null
        from (
            select *, sum(ahead) over (order by no) - ahead as ahead_before
            from (
                select *, least(size, first_position + size - 1 - :after) as ahead from job_chunks
                where job_id = :job_id and state = 'pending'
                  and (:result is null or :result = 'unprocessed') and :code is null
            ) as pending
            where ahead > 0
        ) as opened, unnest(ticket_ids) with ordinality as item (ticket_id, ordinality)
        where ahead_before < :limit and first_position + ordinality - 1 > :after
        order by position limit :limit
    ) as item
    left join {_TICKET} on :names_tickets
    order by position
""").bindparams(*_PARAMETERS)
)

# The one item that a ticket is in a job. Nothing knows where that is: items and pending chunks are looked through.
_OF_TICKET = text("""
    select position, ticket_id, result, code, at, number, title
    from tickets, lateral (
        select position, ticket_id, result, code, at from job_items
        where job_id = :job_id and ticket_id = tickets.id
        union all
        select first_position + array_position(ticket_ids, tickets.id) - 1, tickets.id, 'unprocessed', null, null
        from job_chunks where job_id = :job_id and state = 'pending' and tickets.id = any(ticket_ids)
    ) as item
    where number = :number and position >= :first
      and (:result is null or result = :result) and (:code is null or code = :code)
""").bindparams(_JOB_ID, bindparam("number", type_=BigInteger), bindparam("first", type_=Integer), *_FILTERS)

# A range of positions, of which each has one item: whatever the plan, it reads no more than that.
_EXPORT = text(f"""
    select position, ticket_id, result, code, at, number, title
    from (
        select position, ticket_id, result, code, at from job_items
        where job_id = :job_id and position >= :first and position < :end
        union all
        select first_position + ordinality - 1, ticket_id, 'unprocessed', null, null
        from job_chunks, unnest(ticket_ids) with ordinality as item (ticket_id, ordinality)
        where job_id = :job_id and state = 'pending' and first_position < :end and first_position + size > :first
          and first_position + ordinality - 1 >= :first and first_position + ordinality - 1 < :end
    ) as item
    left join {_TICKET} on true
    where (:result is null or result = :result) and (:code is null or code = :code)
    order by position
""").bindparams(_JOB_ID, bindparam("first", type_=Integer), bindparam("end", type_=Integer), *_FILTERS)

_SUMMARY = text("""
    select result, code, count(*) from job_items where job_id = :job_id group by result, code
    union all
    select 'unprocessed', null, sum(size) from job_chunks
    where job_id = :job_id and state = 'pending' having count(*) > 0
    order by code
""").bindparams(_JOB_ID)


async def find_page(reads: Reads, job_id: UUID, query: ItemQuery, *, after: int, names_tickets: bool) -> list[Item]:
    """Return items in order of position, all as of one moment, and one more than the query's limit.

    names_tickets: whether to say what people know their tickets by.
    """
    values = {
        "job_id": job_id,
        "after": after,
        "limit": query.limit + 1,
        "names_tickets": names_tickets,
        "result": query.result or None,
        "code": query.code or None,
    }
    return [Item(*row) for row in await reads.fetch(_PAGE, **values)]


async def find_of_ticket(connection: AsyncConnection, job_id: UUID, query: ItemQuery) -> list[Item]:
    """Return the item of the ticket with the query's number, if the job has it and the rest of the query fits."""
    values = {
        "job_id": job_id,
        "number": query.number,
        "first": query.start,
        "result": query.result or None,
        "code": query.code or None,
    }
    return [Item(*row) for row in await connection.execute(_OF_TICKET, values)]


async def export(connection: AsyncConnection, job_id: UUID, positions: range, query: ExportQuery) -> list[Item]:
    """Return the items at these positions that the query asks for, with what people know their tickets by."""
    values = {
        "job_id": job_id,
        "first": positions.start,
        "end": positions.stop,
        "result": query.result or None,
        "code": query.code or None,
    }
    return [Item(*row) for row in await connection.execute(_EXPORT, values)]


async def summary(connection: AsyncConnection, job_id: UUID) -> list[CodeCount]:
    """Count a job's items by their code, those that are unprocessed as well."""
    return [CodeCount(*row) for row in await connection.execute(_SUMMARY, {"job_id": job_id})]
