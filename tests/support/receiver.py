"""A receiver of webhooks, which answers as it is told and remembers what it was sent."""

import asyncio
import contextlib
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import msgspec
from standardwebhooks import Webhook

from tests.support.serving import serving


class Reply(NamedTuple):
    """How a path is answered."""

    status: int = 200
    body: bytes = b"thank you"
    headers: Mapping[str, str] = {}
    hangs: bool = False


class Received(NamedTuple):
    """A request; its headers' names are in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes
    event: dict[str, Any]

    @property
    def id(self) -> str:
        return self.headers.get("webhook-id", "")

    def verify(self, secret: str) -> None:
        """Raise what the library does where a request is not signed with the secret."""
        Webhook(secret).verify(self.body, self.headers)


class Receiver:
    """An ASGI application. Paths that nobody told otherwise are answered with 200; `released` ends what hangs."""

    def __init__(self) -> None:
        self.url = ""
        self.requests: list[Received] = []
        self.ids: defaultdict[str, set[str]] = defaultdict(set)  # by path
        self.replies: dict[str, Reply] = {}
        self.released = asyncio.Event()
        self.at_once: Counter[str] = Counter()
        self.most_at_once: Counter[str] = Counter()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        path = scope["path"]
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        body = await _body(receive)
        if body is None:
            return
        self.requests.append(Received(path, headers, body, _decoded(headers, body)))
        self.ids[path].add(self.requests[-1].id)
        reply = self.replies.get(path, Reply())
        with self._counted(path):
            if reply.hangs:
                await self.released.wait()
        fields = [(name.encode(), value.encode()) for name, value in reply.headers.items()]
        await send({"type": "http.response.start", "status": reply.status, "headers": fields})
        await send({"type": "http.response.body", "body": reply.body, "more_body": False})

    def at(self, path: str) -> list[Received]:
        return [request for request in self.requests if request.path == path]

    @contextlib.contextmanager
    def _counted(self, path: str) -> Any:
        self.at_once[path] += 1
        self.most_at_once[path] = max(self.most_at_once[path], self.at_once[path])
        yield
        self.at_once[path] -= 1


@contextlib.asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """Run one on a port of its own."""
    receiver = Receiver()
    async with serving(receiver) as receiver.url:
        try:
            yield receiver
        finally:
            receiver.released.set()


def _decoded(headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    if headers["content-type"] == "application/x-www-form-urlencoded":
        return dict(parse_qsl(body.decode()))
    decoded: dict[str, Any] = msgspec.json.decode(body)
    return decoded


async def _body(receive: Any) -> bytes | None:
    """Read a body; None where its sender has died."""
    body, goes_on = b"", True
    while goes_on:
        message: Any = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        goes_on = message.get("more_body", False)
    return body
