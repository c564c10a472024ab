"""The newest tickets that match a text, best first, and how many these are.

Ranking all that match a common word would take seconds, and so would counting them.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import (
    CTE,
    BigInteger,
    Column,
    ColumnElement,
    CompoundSelect,
    Integer,
    ScalarSelect,
    Select,
    Uuid,
    bindparam,
    cast,
    func,
    or_,
    select,
    true,
    tuple_,
    union_all,
)

from app.reads import Statement
from app.tickets.matching import DOCUMENT, QUERY, matches_text
from app.tickets.models import ticket_texts, tickets

RANKED: Final = 500
NEAR: Final = 20_000  # texts, which are read in some 5 ms

_ID: Final = tickets.c.id
_AFTER: Final = (bindparam("after_at", None, tickets.c.created_at.type), bindparam("after_id", None, Uuid))
_LIMIT, _OFFSET = bindparam("limit", type_=Integer), bindparam("offset", None, Integer)


def of_many(listed: ColumnElement[bool], columns: Sequence[Column[Any]]) -> Statement:
    """Return the statement of a page of all that staff see; `listed` is all that is asked but the text.

    The newest texts are read one after the other. Where too few of these match, the index on words finds the others:
    among as many of the newest as should have enough, by what was found so far, and where that is wrong, among all.
    For the time goes into reading thousands of matches, of which 500 are ranked. Postgres would choose by how often it
    expects words together or as a phrase, and be wrong by far.
    """
    texts = ticket_texts.c
    newest = select(ticket_texts).order_by(texts.ticket_id.desc()).limit(NEAR).subquery()
    near = _newest(select(newest.c.ticket_id).where(matches_text(newest.c.document)), listed).cte("near")
    first = _first_needed(near)
    further = _indexed(~_is_enough(near), first.is_not(None), texts.ticket_id > first)
    middle = _newest(further, listed).cte("middle")
    far = _newest(_indexed(~_is_enough(near), ~_is_enough(middle)), listed).subquery()
    enough = [select(found).where(_is_enough(found)) for found in (near, middle)]
    return _page(union_all(*enough, select(far)), columns)


def of_few(searched: ColumnElement[bool], columns: Sequence[Column[Any]]) -> Statement:
    """Return the statement of a page of what one index has together, as one's own; `searched` is all that is asked."""
    newest = select(_ID.label("ticket_id"), tickets.c.created_at).where(searched).order_by(_ID.desc())
    return _page(newest.limit(RANKED + 1), columns)


def _first_needed(near: CTE) -> ScalarSelect[Any]:
    """Return the id before those that should have twice what is ranked; null where that is before the first ticket.

    Ids rise with numbers, and unlike them are counted back without reading those between.
    """
    number = tickets.c.number
    # A whole number, as the index on numbers knows no others.
    needed = cast(2 * RANKED * NEAR // func.nullif(func.count(), 0), BigInteger)
    first = func.max(number) - select(needed).select_from(near).scalar_subquery()
    return (
        select(_ID).where(select(first).scalar_subquery() >= number).order_by(number.desc()).limit(1).scalar_subquery()
    )


def _indexed(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Return what the index finds, newest first before anything is looked up of it."""
    texts = ticket_texts.c
    matching = select(texts.ticket_id).where(*conditions, matches_text(texts.document))
    return matching.order_by(texts.ticket_id.desc()).offset(0)


def _is_enough(found: CTE) -> ColumnElement[bool]:
    return select(func.count() > RANKED).select_from(found).scalar_subquery()


def _newest(matching: Select[Any], listed: ColumnElement[bool]) -> Select[Any]:
    """Return one more than are ranked; ids rise with time. An offset keeps Postgres from joining what it need not."""
    found = matching.subquery()
    ticket = select(tickets.c.created_at).where(found.c.ticket_id == _ID, listed).offset(0).lateral()
    rows = select(found.c.ticket_id, ticket.c.created_at).join(ticket, true())
    return rows.order_by(found.c.ticket_id.desc()).limit(RANKED + 1)


def _page(found: Select[Any] | CompoundSelect[Any], columns: Sequence[Column[Any]]) -> Statement:
    """Return rows of how many were found and a ticket; of no ticket if the page is empty."""
    all_found = found.cte("found")
    rank = func.ts_rank(DOCUMENT, QUERY)
    newest = select(all_found).order_by(all_found.c.ticket_id.desc()).limit(RANKED).subquery()
    # Looked up one by one: a merge join would read all the texts between them.
    text = select(rank.label("rank")).where(ticket_texts.c.ticket_id == newest.c.ticket_id).offset(0).lateral()
    ranked = select(newest, text.c.rank).join(text, true()).subquery()
    place = (ranked.c.rank, ranked.c.created_at, ranked.c.ticket_id)
    # The rank of where this goes on from is looked up: that ticket may be among those that match no more.
    rank_after = select(rank).where(ticket_texts.c.ticket_id == _AFTER[1]).scalar_subquery()
    best_first = [column.desc() for column in place]
    best = (
        select(ranked)
        .where(or_(_AFTER[0].is_(None), tuple_(*place) < tuple_(rank_after, *_AFTER)))
        .order_by(*best_first)
        .limit(_LIMIT)
        .offset(_OFFSET)
        .subquery()
    )
    counted = select(func.count().label("counted")).select_from(all_found).subquery()
    return Statement(
        select(counted.c.counted, *columns)
        .select_from(
            counted.join(best, true(), isouter=True).join(tickets, tickets.c.id == best.c.ticket_id, isouter=True)
        )
        .order_by(best.c.rank.desc(), best.c.created_at.desc(), best.c.ticket_id.desc())
    )
