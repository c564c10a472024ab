"""The newest tickets that match a text, best first, and how many these are.

Ranking all that match a common word would take seconds, and so would counting them.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import (
    CTE,
    Column,
    ColumnElement,
    CompoundSelect,
    Integer,
    ScalarSelect,
    Select,
    Uuid,
    bindparam,
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
SPANS: Final = (100_000, 400_000)  # tickets, by their numbers

_ID: Final = tickets.c.id
_AFTER: Final = (bindparam("after_at", None, tickets.c.created_at.type), bindparam("after_id", None, Uuid))
_LIMIT, _OFFSET = bindparam("limit", type_=Integer), bindparam("offset", None, Integer)


def of_many(listed: ColumnElement[bool], columns: Sequence[Column[Any]]) -> Statement:
    """Return the statement of a page of all that staff see; `listed` is all that is asked but the text.

    The newest texts are read one after the other. Where too few of these match, the index on words finds the others:
    among ever more of the newest, and at last among all, as the time goes into reading thousands of matches of which
    500 are ranked. Postgres would choose by how often it expects words together or as a phrase, and be wrong by far.
    """
    texts = ticket_texts.c
    newest = select(ticket_texts).order_by(texts.ticket_id.desc()).limit(NEAR).subquery()
    near = _newest(select(newest.c.ticket_id).where(matches_text(newest.c.document)), listed).cte("near")
    steps, is_lacking = [select(near).where(_is_enough(near))], ~_is_enough(near)
    for span in SPANS:
        found = _newest(_indexed(is_lacking, texts.ticket_id > _back(span)), listed).cte(f"newest_{span}")
        steps.append(select(found).where(_is_enough(found)))
        is_lacking &= ~_is_enough(found)
    far = _newest(_indexed(is_lacking), listed)
    return _page(union_all(*steps, select(far.subquery())), columns)


def of_few(searched: ColumnElement[bool], columns: Sequence[Column[Any]]) -> Statement:
    """Return the statement of a page of what one index has together, as one's own; `searched` is all that is asked."""
    newest = select(_ID.label("ticket_id"), tickets.c.created_at).where(searched).order_by(_ID.desc())
    return _page(newest.limit(RANKED + 1), columns)


def _back(span: int) -> ScalarSelect[Any]:
    """Return the id so many numbers ago, as ids rise with numbers; null where there are not so many."""
    number = tickets.c.number
    is_before = select(func.max(number) - span).scalar_subquery() >= number
    return select(_ID).where(is_before).order_by(number.desc()).limit(1).scalar_subquery()


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
