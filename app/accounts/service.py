from collections.abc import Collection, Mapping
from typing import Any, Protocol
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts import store, tokens
from app.accounts.errors import LastAdmin, WrongCredentials
from app.accounts.limiter import LoginLimiter
from app.accounts.models import Caller, User
from app.accounts.passwords import Passwords
from app.accounts.queries import UserQuery
from app.audit import store as audit
from app.audit.models import Origin
from app.errors import NotFound, Unauthorized
from app.pools import Pools
from app.reads import ByKey
from app.settings import Settings

log = structlog.get_logger(__name__)


class Sessions(Protocol):
    """What has let users in, and would go on to, whatever became of their rights."""

    @property
    def owners(self) -> ByKey[UUID, User]:
        """Finds by the id of a session that has not ended whose it is."""

    async def end_all(self, connection: AsyncConnection, caller: Caller, user_id: UUID) -> None:
        """End every session of a user, within the caller's transaction."""


class Accounts:
    def __init__(
        self,
        pools: Pools,
        limiter: LoginLimiter,
        settings: Settings,
        sessions: Sessions,
        passwords: Passwords | None = None,
    ) -> None:
        self._pools = pools
        self._sessions = sessions
        self._by_id = store.by_id(pools.reads)
        self._limiter = limiter
        self._passwords = passwords or Passwords()
        self._secret = settings.jwt_secret
        self._token_ttl_seconds = settings.token_ttl_seconds

    async def log_in(self, login: str, password: str, origin: Origin) -> tuple[str, int]:
        """Return a token and its life in seconds; raises what `verify` does."""
        user = await self.verify(login, password, origin)
        return tokens.issue(user.id, self._secret, self._token_ttl_seconds), self._token_ttl_seconds

    async def verify(self, login: str, password: str, origin: Origin) -> User:
        """Return whose password this is.

        Raises:
            WrongCredentials: no active user has this name (or e-mail) and password.
            TooManyAttempts: see `LoginLimiter`.
            TooManyRequests: see `Passwords.place`.
        """
        async with self._pools.engine.connect() as connection:
            found = await store.find_with_password_hash(connection, login)
        user, password_hash = found or (None, None)
        # Name and e-mail are one user, with ten tries in all; that this can tell a known pair of them is the price.
        who, address = str(user.id) if user else login, origin.address or "unknown"
        with self._passwords.place():
            await self._limiter.count(who, address)
            fits = await self._passwords.verify(password, password_hash)
        if not fits or user is None or not user.active:
            await self._limiter.fail(address)
            await self._record_refusal(user, origin)
            raise WrongCredentials
        await self._limiter.clear(who, address)
        return user

    async def _record_refusal(self, user: User | None, origin: Origin) -> None:
        """Without the name that was typed: people type their password there."""
        user_id = user.id if user else None
        log.info("login_refused", user_id=str(user_id) if user_id else None)
        async with self._pools.engine.begin() as connection:
            await audit.record(connection, "login.failed", origin, actor_id=None, subject_id=user_id)

    async def find_page(self, user: User, query: UserQuery, *, after: str | None = None) -> tuple[list[User], int]:
        """Return what `store.find_page` does; who is not shown an e-mail cannot find it out by a search either."""
        async with self._pools.engine.connect() as connection:
            return await store.find_page(connection, query, in_emails=user.is_admin, after=after)

    async def change(self, caller: Caller, user_id: UUID, values: Mapping[str, Any]) -> User:
        """Change a user's rights, which ends the user's sessions.

        Raises:
            NotFound: there is no such user.
            LastAdmin: nobody would be left who could do this.
        """
        async with self._pools.engine.begin() as connection:
            await store.lock_admins(connection)
            before = await store.find(connection, user_id)
            after = await store.change(connection, user_id, values)
            if before is None or after is None:
                raise NotFound("There is no user with this id.")
            if not await store.has_admin(connection):
                raise LastAdmin
            if before != after:
                changes = {name: [getattr(before, name), value] for name, value in values.items()}
                await audit.record(
                    connection,
                    "user.changed",
                    caller.origin,
                    actor_id=caller.user.id,
                    subject_id=user_id,
                    details=changes,
                )
                await self._sessions.end_all(connection, caller, user_id)
        return after

    async def authenticate(self, token: str) -> tuple[User, tokens.Claims]:
        """Return whose token this is, as the database knows them now.

        Raises:
            Unauthorized: the token is not valid, its session has ended, or the account is not active.
        """
        claims = tokens.read(token, self._secret)
        if claims.session_id is None:
            user = await self._by_id.find(claims.user_id)
        else:
            user = await self._sessions.owners.find(claims.session_id)
        if user is None or not user.active:
            raise Unauthorized
        return user, claims

    async def find_all(self, all_claims: Collection[tokens.Claims]) -> dict[tokens.Claims, User]:
        """Return whose tokens these are, as the database knows them now; none where the session has ended."""
        by_session = await self._sessions.owners.find_all({each.session_id for each in all_claims if each.session_id})
        by_id = await self._by_id.find_all({each.user_id for each in all_claims if not each.session_id})
        found = by_session | by_id
        return {claims: found[key] for claims in all_claims if (key := claims.session_id or claims.user_id) in found}
