from typing import Final
from uuid import UUID

from msgspec.structs import asdict
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts import resets, store
from app.accounts.errors import (
    AlreadyTaken,
    NoSuchUser,
    RegistrationClosed,
    ResetLinkOver,
    WrongCredentials,
    WrongPassword,
)
from app.accounts.limiter import LoginLimiter
from app.accounts.models import Caller, NewUser, ResetLink, User
from app.accounts.passwords import Passwords
from app.accounts.service import Accounts, Sessions
from app.accounts.tokens import Claims
from app.audit import store as audit
from app.audit.models import Action, Origin
from app.pools import Pools

NOBODY: Final = ""  # whose attempts those are that are made without a login, which never is empty


class Credentials:
    """How people come to a password, and to another one.

    What strangers ask for is limited as logins are: so many tries of one address, so many failures.
    """

    def __init__(
        self,
        pools: Pools,
        accounts: Accounts,
        limiter: LoginLimiter,
        passwords: Passwords,
        sessions: Sessions,
        *,
        registration_is_open: bool,
    ) -> None:
        self._pools = pools
        self._accounts = accounts
        self._limiter = limiter
        self._passwords = passwords
        self._sessions = sessions
        self._registration_is_open = registration_is_open

    async def register(self, new: NewUser, password: str, origin: Origin) -> tuple[str, int]:
        """Add a user who does so themself; return a token of theirs and its life in seconds.

        Raises:
            RegistrationClosed: here only admins add users.
            AlreadyTaken: another user has the name or the e-mail.
            TooManyAttempts: see `LoginLimiter`.
            TooManyRequests: see `Passwords.place`.
        """
        if not self._registration_is_open:
            raise RegistrationClosed
        password_hash = await self._hash_for_nobody(password, origin)
        try:
            async with self._pools.engine.begin() as connection:
                user = await store.add(connection, password_hash=password_hash, **asdict(new))
                await audit.record(connection, "user.registered", origin, actor_id=user.id, subject_id=user.id)
        except AlreadyTaken:
            await self._limiter.fail(origin.known_address)  # it has found out who is here
            raise
        return self._accounts.token_of(user)

    async def change(self, caller: Caller, claims: Claims, current: str, new: str) -> tuple[str, int]:
        """Change the caller's password; return a token in place of all that there are, and its life in seconds.

        The caller's other sessions end, and so does a link to choose a password with.

        Raises:
            WrongPassword: `current` is not the password, or not any more.
            TooManyAttempts: see `LoginLimiter`; these count as logins do.
            TooManyRequests: see `Passwords.place`.
        """
        try:
            user = await self._accounts.verify(caller.user.username, current, caller.origin)
        except WrongCredentials as error:
            raise WrongPassword from error
        with self._passwords.place():
            password_hash = await self._passwords.hash(new)
        async with self._pools.engine.begin() as connection:
            changed = await store.set_password(connection, user, password_hash)
            if changed is None:
                raise WrongPassword
            await resets.remove_of(connection, user.id)
            await self._sessions.end_all(connection, caller, user.id, but=claims.session_id)
            await _record(connection, "password.changed", caller, user.id)
        return self._accounts.token_of(changed, claims.session_id)

    async def make_link(self, caller: Caller, user_id: UUID) -> ResetLink:
        """Make a link for a user to choose a password with, once; raise `NoSuchUser` if there is none with this id."""
        async with self._pools.engine.begin() as connection:
            if await store.find(connection, user_id) is None:
                raise NoSuchUser
            link = await resets.issue(connection, user_id)
            await _record(connection, "password_reset.issued", caller, user_id)
        return link

    async def use_link(self, token: str, password: str, origin: Origin) -> None:
        """Give the user whose link this is a password, and end all their sessions.

        Raises:
            ResetLinkOver: the link has been used, replaced or never made, has expired, or the account is shut.
            TooManyAttempts: see `LoginLimiter`.
            TooManyRequests: see `Passwords.place`.
        """
        password_hash = await self._hash_for_nobody(password, origin)
        try:
            async with self._pools.engine.begin() as connection:
                user = await _use(connection, token, password_hash)
                caller = Caller(user, origin)
                await self._sessions.end_all(connection, caller, user.id)
                await _record(connection, "password_reset.used", caller, user.id)
        except ResetLinkOver:
            await self._limiter.fail(origin.known_address)
            raise

    async def _hash_for_nobody(self, password: str, origin: Origin) -> str:
        with self._passwords.place():
            await self._limiter.count(NOBODY, origin.known_address)
            return await self._passwords.hash(password)


async def _use(connection: AsyncConnection, token: str, password_hash: str) -> User:
    """Use a link up. The user is locked first, as by all that removes links, or two of those could block each other."""
    owner_id = await resets.find_owner(connection, token)
    owner = await store.lock(connection, owner_id) if owner_id else None
    if owner is None or not await resets.use(connection, token):
        raise ResetLinkOver
    changed = await store.set_password(connection, owner, password_hash)
    if changed is None:
        raise ResetLinkOver
    return changed


async def _record(connection: AsyncConnection, action: Action, caller: Caller, user_id: UUID) -> None:
    await audit.record(connection, action, caller.origin, actor_id=caller.user.id, subject_id=user_id)
