import secrets
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from msgspec.structs import asdict
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts import resets, store
from app.accounts.errors import LastAdmin, NoSuchUser
from app.accounts.models import Caller, NewUser, ResetLink, User, users
from app.accounts.passwords import HASH_OF_NOTHING, Passwords
from app.accounts.queries import UserQuery
from app.accounts.service import Sessions
from app.audit import store as audit
from app.audit.models import Action
from app.pools import Pools

RIGHTS: Final = ("role", "active")
PERSONAL: Final = ("username", "email", "phone")
ONESELF: Final = "Nobody takes their own rights away: ask another admin."


class Directory:
    """Who there is, and with which rights."""

    def __init__(self, pools: Pools, passwords: Passwords, sessions: Sessions) -> None:
        self._pools = pools
        self._passwords = passwords
        self._sessions = sessions
        self._by_id = store.by_id(pools.reads)

    async def find(self, user_id: UUID) -> User:
        """Return a user; raise `NoSuchUser` if there is none with this id."""
        user = await self._by_id.find(user_id)
        if user is None:
            raise NoSuchUser
        return user

    async def find_by_login(self, login: str) -> User | None:
        """Find a user by name or e-mail, whatever the case."""
        async with self._pools.engine.connect() as connection:
            found = await store.find_with_password_hash(connection, login)
        return found[0] if found else None

    async def find_page(self, user: User, query: UserQuery, *, after: str | None = None) -> tuple[list[User], int]:
        """Return what `store.find_page` does; who is not shown an e-mail cannot find it out by a search either."""
        async with self._pools.engine.connect() as connection:
            return await store.find_page(connection, query, in_emails=user.is_admin, after=after)

    async def add(self, caller: Caller, new: NewUser, password: str | None) -> tuple[User, ResetLink | None]:
        """Add a user; without a password, with a link to choose one.

        Raises:
            AlreadyTaken: another user has the name or the e-mail.
            TooManyRequests: see `Passwords.place`.
        """
        password_hash = await self._hash(password) if password else HASH_OF_NOTHING
        async with self._pools.engine.begin() as connection:
            user = await store.add(connection, password_hash=password_hash, **asdict(new))
            await _record(connection, "user.created", caller, user.id, {"role": user.role})
            if password:
                return user, None
            await _record(connection, "password_reset.issued", caller, user.id)
            return user, await resets.issue(connection, user.id)

    async def change(self, caller: Caller, user_id: UUID, values: Mapping[str, Any]) -> User:
        """Change a user; a change of rights ends the user's sessions.

        Raises:
            NoSuchUser: there is none with this id.
            LastAdmin: nobody would be left who could do this, or the rights are the caller's own.
            AlreadyTaken: another user has the name or the e-mail.
        """
        async with self._pools.engine.begin() as connection:
            return await self._change(connection, caller, user_id, values)

    async def remove(self, caller: Caller, user_id: UUID, *, erase: bool) -> None:
        """Shut a user's account, and if told so forget who that was; what refers to the user stays.

        Raises what `change` does.
        """
        async with self._pools.engine.begin() as connection:
            await self._change(connection, caller, user_id, {"active": False})
            if erase:
                await store.change(connection, user_id, _nobody())
                await resets.remove_of(connection, user_id)
                await _record(connection, "user.erased", caller, user_id, {"erased": PERSONAL})

    async def set_password(self, caller: Caller, user_id: UUID, password: str) -> User:
        """Give a user another password; all their sessions end, and so does a link to choose one with.

        Raises:
            NoSuchUser: there is no active one with this id.
            TooManyRequests: see `Passwords.place`.
        """
        password_hash = await self._hash(password)
        async with self._pools.engine.begin() as connection:
            before = await store.lock(connection, user_id)
            after = await store.set_password(connection, before, password_hash) if before else None
            if after is None:
                raise NoSuchUser
            await resets.remove_of(connection, user_id)
            await self._sessions.end_all(connection, caller, user_id)
            await _record(connection, "password.changed", caller, user_id)
        return after

    async def _change(
        self, connection: AsyncConnection, caller: Caller, user_id: UUID, values: Mapping[str, Any]
    ) -> User:
        await store.lock_admins(connection)
        before = await store.find(connection, user_id)
        after = await store.change(connection, user_id, values)
        if before is None or after is None:
            raise NoSuchUser
        if before.rights != after.rights:
            await self._end_what_rests_on_rights(connection, caller, after)
        if before != after:
            await _record(connection, "user.changed", caller, user_id, _differences(before, after))
        return after

    async def _end_what_rests_on_rights(self, connection: AsyncConnection, caller: Caller, user: User) -> None:
        if user.id == caller.user.id:
            raise LastAdmin(ONESELF)
        if not await store.has_admin(connection):
            raise LastAdmin
        if not user.active:
            await resets.remove_of(connection, user.id)
        await self._sessions.end_all(connection, caller, user.id)

    async def _hash(self, password: str) -> str:
        with self._passwords.place():
            return await self._passwords.hash(password)


def _nobody() -> dict[str, Any]:
    """Return what takes the place of a person. Its name is random, so that nobody can have taken it before."""
    name = f"erased-{secrets.token_hex(8)}"
    email = f"{name}@erased.invalid"
    password = {"password_hash": HASH_OF_NOTHING, "token_version": users.c.token_version + 1}
    return {"username": name, "email": email, "phone": None, **password}


def _differences(before: User, after: User) -> dict[str, Any]:
    """Return old and new rights, and of what is personal the names alone: the log outlives an erasure."""
    changed = [name for name in (*RIGHTS, *PERSONAL) if getattr(before, name) != getattr(after, name)]
    rights = {name: [getattr(before, name), getattr(after, name)] for name in changed if name in RIGHTS}
    personal = [name for name in changed if name in PERSONAL]
    return rights | ({"changed": personal} if personal else {})


async def _record(
    connection: AsyncConnection, action: Action, caller: Caller, user_id: UUID, details: dict[str, Any] | None = None
) -> None:
    await audit.record(connection, action, caller.origin, actor_id=caller.actor_id, subject_id=user_id, details=details)
