from collections.abc import Collection
from typing import Protocol
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts import store, tokens
from app.accounts.errors import WrongCredentials
from app.accounts.limiter import LoginLimiter
from app.accounts.models import Caller, User
from app.accounts.passwords import Passwords
from app.accounts.tokens import ACCESS_SECONDS
from app.audit import store as audit
from app.audit.models import Origin
from app.errors import Unauthorized
from app.pools import Pools
from app.reads import ByKey
from app.settings import Settings

log = structlog.get_logger(__name__)


class Sessions(Protocol):
    """What has let users in, and would go on to, whatever became of their rights."""

    @property
    def owners(self) -> ByKey[UUID, User]:
        """Finds by the id of a session that has not ended whose it is."""

    async def end_all(
        self, connection: AsyncConnection, caller: Caller, user_id: UUID, *, but: UUID | None = None
    ) -> None:
        """End every session of a user, but for one, within the caller's transaction."""


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
        return self.token_of(await self.verify(login, password, origin))

    def token_of(self, user: User, session_id: UUID | None = None) -> tuple[str, int]:
        """Return a token of a user, be it of a session, and its life in seconds."""
        seconds = ACCESS_SECONDS if session_id else self._token_ttl_seconds
        return tokens.issue(user.id, self._secret, seconds, session_id, version=user.token_version), seconds

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
        who, address = str(user.id) if user else login, origin.known_address
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

    async def authenticate(self, token: str) -> tuple[User, tokens.Claims]:
        """Return whose token this is, as the database knows them now.

        Raises:
            Unauthorized: the token is not valid, its session has ended, the account is not active, or has had another
                password since.
        """
        claims = tokens.read(token, self._secret)
        if claims.session_id is None:
            user = await self._by_id.find(claims.user_id)
        else:
            user = await self._sessions.owners.find(claims.session_id)
        if user is None or not user.active or user.token_version != claims.version:
            raise Unauthorized
        return user, claims

    async def find_all(self, all_claims: Collection[tokens.Claims]) -> dict[tokens.Claims, User]:
        """Return whose tokens these are, as the database knows them now; those that are void are left out."""
        by_session = await self._sessions.owners.find_all({each.session_id for each in all_claims if each.session_id})
        by_id = await self._by_id.find_all({each.user_id for each in all_claims if not each.session_id})
        found = by_session | by_id
        owners = {claims: found.get(claims.session_id or claims.user_id) for claims in all_claims}
        return {claims: user for claims, user in owners.items() if user and user.token_version == claims.version}
