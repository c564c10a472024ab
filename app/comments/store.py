"""The SQL on comments; nothing here commits.

Each statement asks by itself whether its user may see the ticket and the comment: what is hidden takes as long, and
leads to as little, as what is not there. `own` is the id of a user who sees only tickets of their own, and of those
nothing internal; it is null for staff.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Boolean, Integer, TextClause, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import Person
from app.comments.models import Comment
from app.comments.queries import CommentQuery
from app.reads import Reads, Statement
from app.tickets.models import Head


class Found(NamedTuple):
    comment: Comment
    ticket: Head


def _bound(sql: str) -> TextClause:
    types = {"own": Uuid, "ticket_id": Uuid, "comment_id": Uuid, "author_id": Uuid, "after": Uuid, "internal": Boolean}
    named = {name: type_ for name, type_ in {**types, "limit": Integer}.items() if f":{name}" in sql}
    return text(sql).bindparams(*(bindparam(name, None, type_) for name, type_ in named.items()))


_VISIBLE = "tickets.deleted_at is null and (:own is null or tickets.requester_id = :own)"
_SHOWN = "(:own is null or not comments.internal)"
_COMMENT = "comments.id, author_id, username, body, internal, comments.created_at, edited_at"
_HEAD = "tickets.id, tickets.number, tickets.requester_id, tickets.version"
_ONE = f"""
    from comments join tickets on tickets.id = ticket_id join users on users.id = author_id
    where comments.id = :comment_id and ticket_id = :ticket_id and {_VISIBLE} and {_SHOWN}
"""


def _page(order: str, is_further: str) -> Statement:
    """Return the statement of a page: a row without a comment where there is a ticket, and nothing more to list."""
    return Statement(
        _bound(f"""
            select {_COMMENT}
            from tickets
            left join lateral (
                select * from comments where ticket_id = tickets.id and {is_further} and {_SHOWN}
                order by id {order} limit :limit
            ) as comments on true
            left join users on users.id = author_id
            where tickets.id = :ticket_id and {_VISIBLE}
            order by comments.id {order}
        """)
    )


_PAGES = {
    "created": _page("asc", "id > coalesce(:after, uuid '00000000-0000-0000-0000-000000000000')"),
    "-created": _page("desc", "id < coalesce(:after, uuid 'ffffffff-ffff-ffff-ffff-ffffffffffff')"),
}
_BY_ID = Statement(_bound(f"select {_COMMENT} {_ONE}"))
# The ticket's row first, as bulk jobs lock it before they touch its comments: what is then recorded refers to it.
_LOCK = _bound(f"select {_COMMENT}, {_HEAD} {_ONE} for key share of tickets for update of comments")
# The ticket stays locked, or a merge at the same moment would move all its comments but this one.
_ADD = _bound(f"""
    with tickets as (
        select * from tickets where id = :ticket_id and merged_into is null and {_VISIBLE} for no key update
    ),
    comments as (
        insert into comments (ticket_id, author_id, body, internal)
        select id, :author_id, :body, :internal from tickets returning *
    )
    select {_COMMENT}, {_HEAD} from comments, tickets, users where users.id = author_id
""")


_MERGED_INTO = _bound(f"select merged_into from tickets where id = :ticket_id and {_VISIBLE}")


async def find_page(
    reads: Reads, ticket_id: UUID, query: CommentQuery, *, own: UUID | None, after: UUID | None
) -> list[Comment] | None:
    """Return a page, and one comment more than its limit; None where the user sees no such ticket."""
    rows = await reads.fetch(_PAGES[query.sort], ticket_id=ticket_id, own=own, after=after, limit=query.limit + 1)
    return [_comment(row) for row in rows if row[0] is not None] if rows else None


async def find(reads: Reads, ticket_id: UUID, comment_id: UUID, *, own: UUID | None) -> Comment | None:
    rows = await reads.fetch(_BY_ID, ticket_id=ticket_id, comment_id=comment_id, own=own)
    return _comment(rows[0]) if rows else None


async def lock(connection: AsyncConnection, ticket_id: UUID, comment_id: UUID, *, own: UUID | None) -> Found | None:
    """Find a comment that nobody else changes until the transaction ends."""
    values = {"ticket_id": ticket_id, "comment_id": comment_id, "own": own}
    return _found((await connection.execute(_LOCK, values)).one_or_none())


async def add(
    connection: AsyncConnection, ticket_id: UUID, *, author_id: UUID, body: str, internal: bool, own: UUID | None
) -> Found | None:
    """Add a comment to a ticket; None where its author sees no such ticket, or it was merged into another one."""
    values = {"ticket_id": ticket_id, "author_id": author_id, "body": body, "internal": internal, "own": own}
    return _found((await connection.execute(_ADD, values)).one_or_none())


async def merged_into(connection: AsyncConnection, ticket_id: UUID, *, own: UUID | None) -> UUID | None:
    """Return what a ticket was merged into; None where the user sees no such ticket, too."""
    found: UUID | None = await connection.scalar(_MERGED_INTO, {"ticket_id": ticket_id, "own": own})
    return found


async def edit(connection: AsyncConnection, comment_id: UUID, body: str) -> datetime:
    """Return when it was edited."""
    statement = (
        "update comments set body = :body, edited_at = clock_timestamp() where id = :comment_id returning edited_at"
    )
    edited_at: datetime = await connection.scalar(_bound(statement), {"comment_id": comment_id, "body": body})
    return edited_at


async def remove(connection: AsyncConnection, comment_id: UUID) -> None:
    await connection.execute(_bound("delete from comments where id = :comment_id"), {"comment_id": comment_id})


def _found(row: Sequence[Any] | None) -> Found | None:
    return None if row is None else Found(_comment(row[:7]), Head(*row[7:]))


def _comment(row: Sequence[Any]) -> Comment:
    id_, author_id, username, *others = row
    return Comment(id_, Person(author_id, username), *others)
