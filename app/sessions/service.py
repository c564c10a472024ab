from datetime import datetime
from uuid import UUID

import structlog
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts import tokens as access
from app.accounts.errors import WrongCredentials
from app.accounts.models import Caller, User
from app.accounts.tokens import ACCESS_SECONDS
from app.audit import store as audit
from app.audit.models import Action, Origin
from app.pools import Pools
from app.sessions import store, tokens
from app.sessions.errors import SessionOver
from app.sessions.models import Session
from app.settings import Settings

log = structlog.get_logger(__name__)


class Grant(Struct, frozen=True):
    """A token for the next ACCESS_SECONDS, and one to come back with, once and until `expires_at`."""

    access_token: str
    refresh_token: str
    expires_at: datetime


class Sessions:
    def __init__(self, pools: Pools, settings: Settings) -> None:
        self._engine = pools.engine
        self.owners = store.owners(pools.reads)
        self._key = settings.jwt_secret

    async def start(self, user: User, origin: Origin) -> Grant:
        """Begin a session for someone whose password was right.

        Raises:
            WrongCredentials: the account has been shut since, or has another password.
        """
        secret = tokens.new_secret()
        async with self._engine.begin() as connection:
            session = await store.add(connection, user, tokens.hash_of(secret))
            if session is None:
                raise WrongCredentials
            await _record(connection, "session.started", session, origin, actor_id=user.id)
        return self._grant(session, secret, user.token_version)

    async def refresh(self, token: str, origin: Origin) -> Grant:
        """Carry a session on; that uses its token up.

        A token that has been used up before is in the hands of two, and nobody knows which of them is the thief: the
        session ends. Of two who come at once with the same token, the second is one of those.

        Raises:
            SessionOver: the token is not one of ours, or its session has ended, expired, or ends by this.
        """
        session_id, secret = tokens.read(token, self._key)
        async with self._engine.begin() as connection:
            session, token_version = await store.lock(connection, session_id) or (None, 0)
            if session is not None and session.secret_hash == tokens.hash_of(secret):
                new_secret = tokens.new_secret()
                renewed = await store.renew(connection, session_id, tokens.hash_of(new_secret))
                return self._grant(renewed, new_secret, token_version)
            if session is not None:
                await store.remove(connection, session_id)
                await _record(connection, "session.replayed", session, origin, actor_id=None)
                log.warning("session_replayed", user_id=str(session.user_id))
        raise SessionOver

    async def end(self, caller: Caller, session_id: UUID) -> None:
        """Log out of one session; if it has ended already, nothing happens."""
        async with self._engine.begin() as connection:
            await _record_ends(connection, caller, await store.remove(connection, session_id))

    async def end_all(
        self, connection: AsyncConnection, caller: Caller, user_id: UUID, *, but: UUID | None = None
    ) -> None:
        """End the sessions of a user, with whatever else the caller's transaction does: it changes what they rest on.

        To be called after that change, so that a session that begins meanwhile is seen; see `store.add`.
        """
        await _record_ends(connection, caller, await store.remove_all_of(connection, user_id, but))

    def _grant(self, session: Session, secret: str, token_version: int) -> Grant:
        return Grant(
            access.issue(session.user_id, self._key, ACCESS_SECONDS, session.id, version=token_version),
            tokens.issue(session.id, secret, self._key),
            session.expires_at,
        )


async def _record_ends(connection: AsyncConnection, caller: Caller, ended: list[Session]) -> None:
    for session in ended:
        await _record(connection, "session.ended", session, caller.origin, actor_id=caller.actor_id)


async def _record(
    connection: AsyncConnection, action: Action, session: Session, origin: Origin, *, actor_id: UUID | None
) -> None:
    await audit.record(
        connection,
        action,
        origin,
        actor_id=actor_id,
        subject_id=session.user_id,
        details={"session": str(session.id)},
    )
