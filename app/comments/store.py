"""The SQL on comments; nothing here commits.

Whether someone may see a ticket, and which of its comments, is part of each statement: who may not is told the same, in
the same time, as for one that is not there.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Integer, Select, Uuid, bindparam, delete, func, insert, literal, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import User, users
from app.comments.models import Author, Comment, comments
from app.comments.queries import CommentQuery
from app.reads import Reads, Statement
from app.tickets.models import tickets

_COMMENT = (
    comments.c.id,
    comments.c.body,
    comments.c.internal,
    comments.c.author_id,
    users.c.username,
    comments.c.created_at,
    comments.c.edited_at,
)


# A ticket that may be seen, beside each of its comments, or beside nothing if it has none. Plans are made for the
# values at hand, so that what `is_descending` rules out is folded away, and the index has the order.
_PAGE = Statement(
    text("""
    select comment.id, body, internal, author_id, username, comment.created_at, edited_at
    from tickets left join lateral (
        select * from comments
        where ticket_id = tickets.id and (:own is null or not internal)
          and (:after is null or case when :is_descending then id < :after else id > :after end)
        order by case when :is_descending then id end desc, case when not :is_descending then id end limit :limit
    ) as comment on true left join users on users.id = author_id
    where tickets.id = :ticket_id and deleted_at is null and (:own is null or requester_id = :own)
    order by case when :is_descending then comment.id end desc, case when not :is_descending then comment.id end
""").bindparams(
        bindparam("ticket_id", type_=Uuid),
        bindparam("own", None, Uuid),
        bindparam("after", None, Uuid),
        bindparam("is_descending", type_=Boolean),
        bindparam("limit", type_=Integer),
    )
)


async def find_page(
    reads: Reads, user: User, ticket_id: UUID, query: CommentQuery, *, after: UUID | None
) -> list[Comment] | None:
    """Return comments that a user may see, and one more than the query's limit; None if they see no such ticket."""
    own = user.id if user.role == "requester" else None
    values = {"ticket_id": ticket_id, "own": own, "after": after, "limit": query.limit + 1}
    rows = await reads.fetch(_PAGE, **values, is_descending=query.sort == "-created")
    return [_comment(row) for row in rows if row[0] is not None] if rows else None


async def find(
    connection: AsyncConnection, user: User, ticket_id: UUID, comment_id: UUID, *, is_locked: bool = False
) -> Comment | None:
    """Find a comment that a user may see; if told so, nobody else changes it until the transaction ends."""
    statement = _seen_by(user, ticket_id).where(comments.c.id == comment_id)
    if is_locked:
        statement = statement.with_for_update(of=comments)
    row = (await connection.execute(statement)).one_or_none()
    return _comment(row) if row else None


async def add(connection: AsyncConnection, user: User, ticket_id: UUID, body: str, *, internal: bool) -> Comment | None:
    """Add a comment; None if the user sees no such ticket. The ticket stays there until the transaction ends."""
    ticket = select(tickets.c.id, literal(user.id, Uuid), literal(body), literal(internal, Boolean)).where(
        tickets.c.id == ticket_id, tickets.c.deleted_at.is_(None), _is_own(user)
    )
    statement = insert(comments).from_select(
        ["ticket_id", "author_id", "body", "internal"], ticket.with_for_update(key_share=True)
    )
    row = (await connection.execute(statement.returning(comments.c.id, comments.c.created_at))).one_or_none()
    if row is None:
        return None
    return Comment(row.id, body, internal, Author(user.id, user.username), row.created_at, None)


async def edit(connection: AsyncConnection, comment: Comment, body: str) -> Comment:
    values: dict[str, Any] = {"body": body, "edited_at": func.clock_timestamp()}
    statement = update(comments).where(comments.c.id == comment.id).values(**values).returning(comments.c.edited_at)
    edited_at = (await connection.execute(statement)).scalar_one()
    return Comment(comment.id, body, comment.internal, comment.author, comment.created_at, edited_at)


async def remove(connection: AsyncConnection, comment_id: UUID) -> None:
    await connection.execute(delete(comments).where(comments.c.id == comment_id))


def _seen_by(user: User, ticket_id: UUID) -> Select[Any]:
    statement = (
        select(*_COMMENT)
        .select_from(
            comments.join(tickets, tickets.c.id == comments.c.ticket_id).join(users, users.c.id == comments.c.author_id)
        )
        .where(tickets.c.id == ticket_id, tickets.c.deleted_at.is_(None), _is_own(user))
    )
    return statement.where(~comments.c.internal) if user.role == "requester" else statement


def _is_own(user: User) -> Any:
    return tickets.c.requester_id == user.id if user.role == "requester" else literal(True)


def _comment(row: Any) -> Comment:
    comment_id, body, internal, author_id, username, created_at, edited_at = row
    return Comment(comment_id, body, internal, Author(author_id, username), created_at, edited_at)
