from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from msgspec import structs
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import User
from app.changes import store as changes
from app.comments import store
from app.comments.models import Comment
from app.comments.queries import CommentQuery
from app.comments.store import Found
from app.errors import Forbidden, NotFound
from app.events import store as outbox
from app.events.outbox import Outbox
from app.pools import Pools
from app.tickets import events
from app.tickets.announcer import Announcer
from app.tickets.errors import Merged
from app.tickets.service import UNSEEN

UNSEEN_COMMENT = "There is no comment with this id on this ticket, or you may not see it."


class Comments:
    """What one user may do with comments: requesters with those on their own tickets that are not internal.

    A comment leaves its ticket's row as it is. A `version` counted up would make the undo of a bulk job a conflict, and
    an `updatedAt` of its own would be another answer under the same ETag, which is the version.
    """

    def __init__(self, pools: Pools, announcer: Announcer, outbox: Outbox) -> None:
        self._pools = pools
        self._announcer = announcer
        self._outbox = outbox

    async def find_page(
        self, user: User, ticket_id: UUID, query: CommentQuery, *, after: UUID | None = None
    ) -> list[Comment]:
        """Return what `store.find_page` does; raise `NotFound` where the user sees no such ticket."""
        found = await store.find_page(self._pools.reads, ticket_id, query, own=_own_only(user), after=after)
        if found is None:
            raise NotFound(UNSEEN)
        return found

    async def get(self, user: User, ticket_id: UUID, comment_id: UUID) -> Comment:
        """Raise `NotFound` for a comment that is not there, or that this user may not see."""
        found = await store.find(self._pools.reads, ticket_id, comment_id, own=_own_only(user))
        if found is None:
            raise NotFound(UNSEEN_COMMENT)
        return found

    async def create(self, user: User, ticket_id: UUID, body: str, *, internal: bool) -> Comment:
        """Add a comment.

        Raises:
            Forbidden: a requester writes an internal one.
            NotFound: the user sees no such ticket.
            Merged: the ticket was merged into another one.
        """
        if internal and not user.is_staff:
            raise Forbidden("Internal comments are written by agents and admins.")
        async with self._pools.engine.begin() as connection:
            found = await store.add(
                connection, ticket_id, author_id=user.id, body=body, internal=internal, own=_own_only(user)
            )
            if found is None:
                survivor_id = await store.merged_into(connection, ticket_id, own=_own_only(user))
                raise NotFound(UNSEEN) if survivor_id is None else Merged(survivor_id)
            await outbox.record(connection, "ticket.commented", _told(found), actor_id=user.id)
        await self._announce(found, "added", user, found.comment.created_at)
        await self._outbox.wake()
        return found.comment

    async def edit(self, user: User, ticket_id: UUID, comment_id: UUID, body: str) -> Comment:
        """Give a comment another text; of two who do so at once the later one wins, and both are on record.

        Raises:
            NotFound: the user sees no such comment.
            Forbidden: it is another user's.
        """
        async with self._pools.engine.begin() as connection:
            found = await _lock_own(connection, user, ticket_id, comment_id)
            if found.comment.body == body:
                return found.comment
            edited_at = await store.edit(connection, comment_id, body)
            await _record(connection, found, user, body)
        await self._announce(found, "edited", user, edited_at)
        return structs.replace(found.comment, body=body, edited_at=edited_at)

    async def remove(self, user: User, ticket_id: UUID, comment_id: UUID) -> None:
        """Delete a comment; its text stays on record.

        Raises:
            NotFound: the user sees no such comment.
            Forbidden: it is another user's.
        """
        async with self._pools.engine.begin() as connection:
            found = await _lock_own(connection, user, ticket_id, comment_id)
            await store.remove(connection, comment_id)
            await _record(connection, found, user, None)
        await self._announce(found, "removed", user, datetime.now(UTC))

    async def _announce(self, found: Found, change: events.CommentChange, user: User, at: datetime) -> None:
        comment = found.comment
        event = events.commented(found.ticket, comment.id, change, at=at, by=user, internal=comment.internal)
        await self._announcer.announce(event)


async def _lock_own(connection: AsyncConnection, user: User, ticket_id: UUID, comment_id: UUID) -> Found:
    """Lock a comment that this user may change."""
    found = await store.lock(connection, ticket_id, comment_id, own=_own_only(user))
    if found is None:
        raise NotFound(UNSEEN_COMMENT)
    if not user.is_admin and found.comment.author.id != user.id:
        raise Forbidden("Only its author or an admin may change a comment.")
    return found


async def _record(connection: AsyncConnection, found: Found, user: User, body: str | None) -> None:
    texts = {"comment": (found.comment.body, body)}
    await changes.record(connection, found.ticket.id, texts, actor_id=user.id, internal=found.comment.internal)


def _told(found: Found) -> dict[str, Any]:
    """Return what receivers of events are told: of an internal comment that there is one, and not its text."""
    comment = found.comment
    told = {"id": comment.id, "authorId": comment.author.id, "internal": comment.internal}
    return {
        "ticket": {"id": found.ticket.id, "number": found.ticket.number},
        "comment": {**told, "body": None if comment.internal else comment.body},
    }


def _own_only(user: User) -> UUID | None:
    return None if user.is_staff else user.id
