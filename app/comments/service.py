from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import User
from app.changes import store as changes
from app.comments import store
from app.comments.errors import NoSuchComment, NotYours
from app.comments.models import Comment
from app.comments.queries import CommentQuery
from app.errors import Forbidden, NotFound
from app.pools import Pools


class Comments:
    """What one user may do with what is said of tickets: requesters of their own, and never with what is internal.

    A comment leaves the ticket's version as it is, so that an undo of a bulk job does not take it for a change.
    """

    def __init__(self, pools: Pools) -> None:
        self._pools = pools

    async def find_page(
        self, user: User, ticket_id: UUID, query: CommentQuery, *, after: UUID | None = None
    ) -> list[Comment]:
        """Return what `store.find_page` does; raise `NotFound` if the user sees no such ticket."""
        found = await store.find_page(self._pools.reads, user, ticket_id, query, after=after)
        if found is None:
            raise NotFound("There is no ticket with this id, or you may not see it.")
        return found

    async def get(self, user: User, ticket_id: UUID, comment_id: UUID) -> Comment:
        """Raise `NoSuchComment` for one that is not there, or that this user may not see."""
        async with self._pools.engine.connect() as connection:
            return _require(await store.find(connection, user, ticket_id, comment_id))

    async def add(self, user: User, ticket_id: UUID, body: str, *, internal: bool) -> Comment:
        """Say something of a ticket.

        Raises:
            NotFound: the user sees no such ticket.
            Forbidden: a requester says something internal.
        """
        if internal and user.role == "requester":
            raise Forbidden("Internal comments are for agents and admins.")
        async with self._pools.engine.begin() as connection:
            comment = await store.add(connection, user, ticket_id, body, internal=internal)
        if comment is None:
            raise NotFound("There is no ticket with this id, or you may not see it.")
        return comment

    async def edit(self, user: User, ticket_id: UUID, comment_id: UUID, body: str) -> Comment:
        """Say it otherwise; what it said before stays in the ticket's history.

        Raises:
            NoSuchComment: the user sees no such comment.
            NotYours: another user wrote it.
        """
        async with self._pools.engine.begin() as connection:
            comment = await self._lock_own(connection, user, ticket_id, comment_id)
            if comment.body == body:
                return comment
            await _record(connection, user, ticket_id, comment, body)
            return await store.edit(connection, comment, body)

    async def remove(self, user: User, ticket_id: UUID, comment_id: UUID) -> None:
        """Take a comment away; what it said stays in the ticket's history. Raises what `edit` does."""
        async with self._pools.engine.begin() as connection:
            comment = await self._lock_own(connection, user, ticket_id, comment_id)
            await _record(connection, user, ticket_id, comment, None)
            await store.remove(connection, comment.id)

    async def _lock_own(self, connection: AsyncConnection, user: User, ticket_id: UUID, comment_id: UUID) -> Comment:
        comment = _require(await store.find(connection, user, ticket_id, comment_id, is_locked=True))
        if comment.author.id != user.id and not user.is_admin:
            raise NotYours
        return comment


async def _record(
    connection: AsyncConnection, user: User, ticket_id: UUID, comment: Comment, after: str | None
) -> None:
    told = {"comment": (comment.body, after)}
    await changes.record(connection, ticket_id, told, actor_id=user.id, internal=comment.internal)


def _require(comment: Comment | None) -> Comment:
    if comment is None:
        raise NoSuchComment
    return comment
