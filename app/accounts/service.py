from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts import store, tokens
from app.accounts.limiter import LoginLimiter
from app.accounts.models import User
from app.accounts.passwords import Passwords
from app.errors import Unauthorized, WrongCredentials
from app.settings import Settings

log = structlog.get_logger(__name__)


class Accounts:
    def __init__(self, engine: AsyncEngine, limiter: LoginLimiter, settings: Settings) -> None:
        self._engine = engine
        self._limiter = limiter
        self._passwords = Passwords()
        self._secret = settings.jwt_secret
        self._token_ttl_seconds = settings.token_ttl_seconds

    async def log_in(self, login: str, password: str, address: str) -> tuple[str, int]:
        """Return a token and its life in seconds.

        Raises:
            WrongCredentials: no active user has this name (or e-mail) and password.
            TooManyAttempts: see `LoginLimiter`.
        """
        async with self._engine.connect() as connection:
            found = await store.find_with_password_hash(connection, login)
        user, password_hash = found or (None, None)
        # Name and e-mail are one user, with ten tries in all; that this can tell a known pair of them is the price.
        who = str(user.id) if user else login
        await self._limiter.count(who, address)
        fits = await self._passwords.verify(password, password_hash)
        if not fits or user is None or not user.active:
            log.info("login_refused", user_id=str(user.id) if user else None)
            raise WrongCredentials
        await self._limiter.clear(who, address)
        return tokens.issue(user.id, self._secret, self._token_ttl_seconds), self._token_ttl_seconds

    async def find_active(self, user_id: UUID) -> User:
        """Raise `Unauthorized` when there is no such user any more, or the account is not active."""
        async with self._engine.connect() as connection:
            user = await store.find(connection, user_id)
        if user is None or not user.active:
            raise Unauthorized
        return user

    async def authenticate(self, token: str) -> tuple[User, tokens.Claims]:
        """Return whose token this is, as the database knows them now; raise `Unauthorized` otherwise."""
        claims = tokens.read(token, self._secret)
        return await self.find_active(claims.user_id), claims
