"""The SQL on single tickets; nothing here commits. Bulk work has its own in app/jobs/operations/."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, get_args
from uuid import UUID

from msgspec import UNSET
from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Integer,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    false,
    func,
    insert,
    literal_column,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from app.database import COUNT_LIMIT, count_some
from app.reads import ByKey, Reader, Reads, Statement
from app.tickets import relevance
from app.tickets.filters import TicketFilter, TicketQuery
from app.tickets.matching import MATCHES, SEARCHES, values_of
from app.tickets.models import Changed, Head, Place, Sort, TagCount, Ticket, tickets

TAGGED, MOST_TAGS = 5_000, 100  # so many of the newest tickets are looked at for so many tags, which takes some 3 ms

_TICKET = [tickets.c[name] for name in Ticket.__struct_fields__]
_BEFORE = [literal_column(f"old.{column.name}", column.type) for column in _TICKET]  # for `returning`
_LIVE = tickets.c.deleted_at.is_(None)
_NARROW = {"number", *TicketFilter.__struct_fields__} - {"text", "status", "type", "priority"}  # such tickets are few
_CHANGED = {"version": tickets.c.version + 1, "updated_at": func.clock_timestamp()}
_SORTED_BY = {"created": tickets.c.created_at, "updated": tickets.c.updated_at}

_OWN, _NUMBER = bindparam("own", None, Uuid), bindparam("number", None, BigInteger)
_AFTER = (bindparam("after_at", None, tickets.c.created_at.type), bindparam("after_id", None, Uuid))
_LIMIT, _OFFSET = bindparam("limit", type_=Integer), bindparam("offset", type_=Integer)


def _listed(*, is_search: bool) -> ColumnElement[bool]:
    return and_(
        SEARCHES if is_search else MATCHES,
        or_(_OWN.is_(None), tickets.c.requester_id == _OWN),
        or_(_NUMBER.is_(None), tickets.c.number == _NUMBER),
    )


def _counted(*, is_search: bool) -> Statement:
    some = select(1).select_from(tickets).where(_listed(is_search=is_search)).limit(_LIMIT).subquery()
    return Statement(select(func.count()).select_from(some))


def _pages(sort: Sort, *, is_search: bool) -> tuple[Statement, Statement]:
    """Return the statements of a page, and of one far down: it skips rows in the index, and fetches its own alone."""
    place = (_SORTED_BY[sort.removeprefix("-")], tickets.c.id)
    is_descending = sort.startswith("-")
    order = [column.desc() if is_descending else column.asc() for column in place]
    is_further = tuple_(*_AFTER) > tuple_(*place) if is_descending else tuple_(*_AFTER) < tuple_(*place)
    listed = and_(_listed(is_search=is_search), or_(_AFTER[0].is_(None), is_further))
    page = select(*_TICKET).where(listed).order_by(*order).limit(_LIMIT)
    ids = page.with_only_columns(tickets.c.id).offset(_OFFSET).subquery()
    return Statement(page), Statement(select(*_TICKET).join(ids, ids.c.id == tickets.c.id).order_by(*order))


_COUNT = {is_search: _counted(is_search=is_search) for is_search in (False, True)}
_PAGES = {
    (sort, is_search): _pages(sort, is_search=is_search)
    for sort in get_args(Sort)
    if sort != "relevance"
    for is_search in (False, True)
}
_BEST_OF_MANY = relevance.of_many(_listed(is_search=False), _TICKET)
_BEST_OF_FEW = relevance.of_few(_listed(is_search=True), _TICKET)

_STATES = Statement(
    select(
        tickets.c.id,
        tickets.c.number,
        tickets.c.requester_id,
        tickets.c.version,
        tickets.c.updated_at,
        tickets.c.deleted_at.is_not(None),
    ).where(tickets.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
)
_BY_ID = Statement(select(*_TICKET).where(tickets.c.id == any_(bindparam("keys", type_=ARRAY(Uuid))), _LIVE))
_FREQUENT_TAGS = Statement(
    text("""
        select tag, count(*)
        from (
            select tags from tickets where deleted_at is null order by created_at desc, id desc limit :newest
        ) as newest, lateral (select distinct unnest(tags)) as one (tag)
        where :prefix is null or starts_with(lower(tag), lower(:prefix))
        group by tag order by count(*) desc, tag limit :most
    """).bindparams(
        bindparam("newest", TAGGED, Integer), bindparam("most", MOST_TAGS, Integer), bindparam("prefix", None, Text)
    )
)

# Locked in the order in which bulk jobs lock theirs. When one was deleted is its `updated_at`, and stays.
_HAND_OVER = text("""
    with named as materialized (
        select id from tickets where contact_id = :from order by id for no key update
    ),
    changed as (
        update tickets
        set contact_id = :into, version = version + 1,
            updated_at = case when deleted_at is null then clock_timestamp() else updated_at end
        from named where tickets.id = named.id
        returning tickets.id, version
    )
    insert into ticket_changes (ticket_id, actor_id, version, internal, changes)
    select id, :actor_id, version, true,
           jsonb_build_object('contactId', jsonb_build_array(cast(:from as uuid), cast(:into as uuid)))
    from changed
    returning ticket_id
""").bindparams(*(bindparam(name, type_=Uuid) for name in ("from", "into", "actor_id")))


def by_id(reads: Reads) -> ByKey[UUID, Ticket]:
    """Find live tickets."""
    return ByKey(reads, _BY_ID, lambda row: Ticket(*row))


def visible(requester_id: UUID | None) -> ColumnElement[bool]:
    """Limit to live tickets, and to those of one requester if given."""
    return _LIVE if requester_id is None else _LIVE & (tickets.c.requester_id == requester_id)


async def find_page(
    reader: Reader, query: TicketQuery, *, requester_id: UUID | None, after: Place | None
) -> list[Ticket]:
    """Return a page in the order that the query wants, and one ticket more than its limit."""
    values = _asked(query, requester_id, after) | {"limit": query.limit + 1}
    page, deep_page = _PAGES[query.sort, query.text is not UNSET]
    if query.offset:
        return [Ticket(*row) for row in await reader.fetch(deep_page, **values, offset=query.offset)]
    return [Ticket(*row) for row in await reader.fetch(page, **values)]


async def find_best(
    reader: Reader, query: TicketQuery, *, requester_id: UUID | None, after: Place | None
) -> tuple[list[Ticket], int]:
    """Return what `find_page` does, by relevance, and how many match; RANKED + 1 where there are more."""
    are_few = requester_id is not None or any(getattr(query, name) is not UNSET for name in _NARROW)
    statement = _BEST_OF_FEW if are_few else _BEST_OF_MANY
    values = _asked(query, requester_id, after) | {"limit": query.limit + 1, "offset": query.offset}
    rows = await reader.fetch(statement, **values)
    return [Ticket(*row[1:]) for row in rows if row[1] is not None], rows[0][0]


async def count(reader: Reader, query: TicketQuery, *, requester_id: UUID | None, most: int = COUNT_LIMIT) -> int:
    """Return how many match in all; `most` + 1 where there are more."""
    statement = _COUNT[query.text is not UNSET]
    [[counted]] = await reader.fetch(statement, **_asked(query, requester_id), limit=most + 1)
    return int(counted)


async def frequent_tags(reads: Reads, prefix: str | None) -> list[TagCount]:
    """Return the tags of the newest TAGGED tickets, those that more of them have first."""
    return [TagCount(*row) for row in await reads.fetch(_FREQUENT_TAGS, prefix=prefix)]


async def find_states(reads: Reads, ids: Collection[UUID]) -> list[tuple[Head, datetime, bool]]:
    """Return how tickets stand, when they were last changed, and whether they are deleted."""
    rows = await reads.fetch(_STATES, ids=list(ids)) if ids else []
    return [(Head(*head), at, is_deleted) for *head, at, is_deleted in rows]


async def find(connection: AsyncConnection, ticket_id: UUID, requester_id: UUID | None) -> Ticket | None:
    statement = select(*_TICKET).where(tickets.c.id == ticket_id, visible(requester_id))
    row = (await connection.execute(statement)).one_or_none()
    return Ticket(*row) if row else None


async def lock(
    connection: AsyncConnection, ticket_ids: Collection[UUID], requester_id: UUID | None = None
) -> dict[UUID, Ticket]:
    """Find visible tickets; until the transaction ends, nobody else changes them.

    They are locked in the order of their ids, as bulk jobs do it, so that no two transactions wait for each other.
    """
    wanted = tickets.c.id.in_(ticket_ids) & visible(requester_id)
    statement = select(*_TICKET).where(wanted).order_by(tickets.c.id).with_for_update(key_share=True)
    return {row.id: Ticket(*row) for row in await connection.execute(statement)}


async def add(connection: AsyncConnection, values: Mapping[str, Any]) -> Ticket:
    row = (await connection.execute(insert(tickets).values(**values).returning(*_TICKET))).one()
    return Ticket(*row)


async def restore(connection: AsyncConnection, ticket_id: UUID) -> Changed | None:
    """Bring a deleted ticket back; None where no deleted one has this id."""
    restored = {"deleted_at": None, "deleted_by_job": None}
    return await _change(connection, (tickets.c.id == ticket_id) & ~_LIVE, restored)


async def change(
    connection: AsyncConnection,
    ticket_id: UUID,
    values: Mapping[str, Any],
    *,
    requester_id: UUID | None = None,
    versions: frozenset[int] | None = None,
) -> Changed | None:
    """Write `values` and count the version up; None when no visible ticket has this id and one of `versions`."""
    wanted = visible(requester_id) & (tickets.c.id == ticket_id)
    if versions is not None:
        wanted &= tickets.c.version.in_(versions) if versions else false()
    return await _change(connection, wanted, values)


async def _change(
    connection: AsyncConnection, wanted: ColumnElement[bool], values: Mapping[str, Any]
) -> Changed | None:
    statement = update(tickets).where(wanted).values(**_CHANGED, **values).returning(*_BEFORE, *_TICKET)
    row = (await connection.execute(statement)).one_or_none()
    return Changed(Ticket(*row[: len(_BEFORE)]), Ticket(*row[len(_BEFORE) :])) if row else None


async def count_of(connection: AsyncConnection, contact_id: UUID) -> int:
    """Return how many name a contact, deleted ones too; COUNT_LIMIT + 1 where there are more."""
    return await count_some(connection, tickets, tickets.c.contact_id == contact_id)


async def hand_over(connection: AsyncConnection, contact_id: UUID, into_id: UUID, *, actor_id: UUID) -> int:
    """Let all that name a contact, deleted ones too, name another one; return how many."""
    values = {"from": contact_id, "into": into_id, "actor_id": actor_id}
    await connection.execute(select(func.set_config("bulkhead.writes_texts", "on", True)))
    ids = (await connection.execute(_HAND_OVER, values)).scalars().all()
    await connection.execute(select(func.set_config("bulkhead.writes_texts", "off", True)))
    await connection.execute(select(func.write_ticket_texts(cast(ids, ARRAY(Uuid)))))
    return len(ids)


def _asked(query: TicketQuery, requester_id: UUID | None, after: Place | None = None) -> dict[str, Any]:
    asked = {"own": requester_id, "public_only": requester_id is not None, "number": query.number or None}
    place = {} if after is None else {"after_at": after.at, "after_id": after.id}
    return values_of(query, deleted=False) | asked | place
