import contextlib
from collections.abc import AsyncIterator
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts import store as users
from app.accounts.limiter import LoginLimiter
from app.accounts.models import Caller, Person, User
from app.approvals import links, store
from app.approvals.errors import AlreadyDecided, LinkExpired, UnknownLink
from app.approvals.models import Asked, Decision, Linked, Verb
from app.audit import store as audit
from app.audit.models import Origin
from app.changes import store as changes
from app.errors import NotFound
from app.events.outbox import Outbox
from app.pools import Pools
from app.tickets import events, moves, records
from app.tickets import store as tickets
from app.tickets.announcer import Announcer
from app.tickets.errors import TransitionNotAllowed
from app.tickets.models import Ticket
from app.tickets.service import UNSEEN
from app.tickets.types.registry import TYPES

MOST_APPROVERS: Final = 100


class Approvals:
    """Decisions on tickets that wait for one: by whoever is logged in, or has a link that was sent to them.

    A ticket is decided on while its row is locked, and waits for approval no more after that: of any number who decide
    at once, one does.
    """

    def __init__(
        self, pools: Pools, announcer: Announcer, outbox: Outbox, limiter: LoginLimiter, app_url: str | None = None
    ) -> None:
        self._engine = pools.engine
        self._announcer = announcer
        self._outbox = outbox
        self._limiter = limiter
        self._app_url = app_url or ""

    def page(self, ticket_id: UUID, verb: Verb, token: str) -> str:
        """Return where the console asks; without an APP_URL that is a path, on whatever host this is called."""
        return links.page(self._app_url, ticket_id, verb, token)

    async def approvers(self, part: str) -> list[Person]:
        """Return those who can be asked, with `part` in their names; of many, the first ones."""
        async with self._engine.connect() as connection:
            return await users.find_staff(connection, part, MOST_APPROVERS)

    async def decide(self, caller: Caller, ticket_id: UUID, decision: Decision, reason: str | None = None) -> Ticket:
        """Approve or reject a ticket.

        Raises:
            NotFound: there is no such ticket.
            TransitionNotAllowed: it does not wait for approval.
            NotTheApprover: another one is asked.
        """
        async with self._engine.begin() as connection:
            ticket = (await tickets.lock(connection, [ticket_id])).get(ticket_id)
            if ticket is None:
                raise NotFound(UNSEEN)
            if ticket.status != "pending_approval":
                raise TransitionNotAllowed(ticket.status, TYPES[ticket.type].targets(ticket.status))
            decided = await _decide(connection, caller, ticket, decision, reason)
        return await self._announced(decided, caller.user)

    async def asked(self, token: str, origin: Origin) -> Asked:
        """Return what a link asks about; raises what `decide_by_link` does."""
        async with self._for_strangers(origin) as connection:
            link = _require(await store.find(connection, token))
            _, ticket = await _opened(connection, link, await tickets.find(connection, link.ticket_id, None))
            return await _asked(connection, ticket, link)

    async def decide_by_link(
        self, ticket_id: UUID, token: str, origin: Origin, decision: Decision, reason: str | None = None
    ) -> Asked:
        """Approve or reject a ticket as the one whom a link was sent to.

        Raises:
            UnknownLink: there is none with this token, or it is for another ticket.
            AlreadyDecided: the ticket does not wait for approval.
            LinkExpired: it is too old, or its owner may not decide any more.
            TooManyAttempts: see `LoginLimiter`.
        """
        async with self._for_strangers(origin) as connection:
            link = _require(await store.find(connection, token), ticket_id)
            locked = await tickets.lock(connection, [ticket_id])
            user, ticket = await _opened(connection, link, locked.get(ticket_id))
            decided = await _decide(connection, Caller(user, origin), ticket, decision, reason, by_link=True)
            asked = await _asked(connection, decided, link)
        await self._announced(decided, user)
        return asked

    @contextlib.asynccontextmanager
    async def _for_strangers(self, origin: Origin) -> AsyncIterator[AsyncConnection]:
        """Begin a transaction for who comes with a link; an address that has tried out many is refused."""
        await self._limiter.admit(origin.known_address)
        try:
            async with self._engine.begin() as connection:
                yield connection
        except UnknownLink:
            await self._limiter.fail(origin.known_address)
            raise

    async def _announced(self, ticket: Ticket, user: User) -> Ticket:
        await self._announcer.announce(events.of("tickets:updated", ticket, at=ticket.updated_at, by=user))
        await self._outbox.wake()
        return ticket


async def _decide(
    connection: AsyncConnection,
    caller: Caller,
    ticket: Ticket,
    decision: Decision,
    reason: str | None,
    *,
    by_link: bool = False,
) -> Ticket:
    """Decide on a ticket that is locked and waits for approval; raise `NotTheApprover` if another one is asked."""
    values = moves.allowed(caller.user, ticket, {"status": decision})
    changed = await tickets.change(connection, ticket.id, values)
    if changed is None:
        raise LookupError(ticket.id)
    actor_id, version = caller.user.id, changed.after.version
    await changes.record(connection, ticket.id, changed.fields, actor_id=actor_id, version=version, reason=reason)
    await records.record(
        connection, "ticket.updated", changed.after, actor_id=actor_id, changes=changed.fields, reason=reason
    )
    await audit.record(
        connection,
        "ticket.approved" if decision == "approved" else "ticket.rejected",
        caller.origin,
        actor_id=actor_id,
        subject_id=ticket.id,
        reason=reason,
        details={"byLink": by_link},
    )
    return changed.after


async def _opened(connection: AsyncConnection, link: Linked, ticket: Ticket | None) -> tuple[User, Ticket]:
    """Return whose link it is, and the ticket; raise what stands against a decision with it."""
    if ticket is None or ticket.status != "pending_approval":
        raise AlreadyDecided
    user = await users.find(connection, link.user_id)
    if user is None or link.has_expired or not moves.may_decide(user, ticket):
        raise LinkExpired
    return user, ticket


async def _asked(connection: AsyncConnection, ticket: Ticket, link: Linked) -> Asked:
    requester = await users.find(connection, ticket.requester_id)
    if requester is None:
        raise LookupError(ticket.requester_id)
    return Asked(ticket, requester, link.expires_at)


def _require(link: Linked | None, ticket_id: UUID | None = None) -> Linked:
    if link is None or ticket_id not in {None, link.ticket_id}:
        raise UnknownLink
    return link
