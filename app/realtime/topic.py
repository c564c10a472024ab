"""What a slice brings to the sockets, so that the sockets need not know it."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from app.accounts.models import User

Answer = Mapping[str, Any]
Emit = Callable[[str, object, Sequence[str]], Awaitable[None]]  # an event's name, its payload, the rooms it goes to


class Client(Protocol):
    """A client that has logged in."""

    @property
    def user(self) -> User: ...

    @property
    def is_connected(self) -> bool: ...

    async def enter(self, room: str) -> None: ...

    async def leave(self, room: str) -> None: ...

    async def send(self, event: str, payload: object) -> None: ...


Handle = Callable[[Client, Any], Awaitable[Answer]]


class Topic(Protocol):
    @property
    def answers(self) -> Mapping[str, Handle]:
        """Return who answers which event; what a handler returns is the event's ack, an `AppError` is a refusal."""

    async def welcome(self, client: Client) -> None:
        """Let a client that has just connected enter the rooms it has a right to, and tell it what it may have missed.

        Whatever the client asks is answered afterwards.
        """

    def loops(self) -> list[Coroutine[None, None, None]]:
        """Return what has to run, side by side, as long as there are sockets."""


def refusal(error: str) -> Answer:
    return {"ok": False, "error": error}


def with_id(name: str, handle: Callable[[Client, UUID], Awaitable[Answer]]) -> Handle:
    """Make a handler of an event that carries one id, as such or as `{name: id}`."""

    async def answer(client: Client, data: object) -> Answer:
        found = _uuid_in(data, name)
        return refusal("invalid") if found is None else await handle(client, found)

    return answer


def _uuid_in(data: object, name: str) -> UUID | None:
    value = data.get(name) if isinstance(data, dict) else data
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
