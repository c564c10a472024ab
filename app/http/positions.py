"""Who has written reads what they have written: an answer says how far the log was, and the next request says it back.

Only where there is a replica to read from. A position is sixteen hexadecimal digits; the later one is the greater, as
text, too. An answer without one may tell anything: whoever got it asks for `latest` next, as do those who know nothing.
"""

import asyncio
import re
from typing import Final, Protocol

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from app.outages import is_unavailable
from app.replica import SEEN, Seen

HEADER: Final = "Bulkhead-LSN"
TELL_SECONDS: Final = 2.0  # what has been done is not kept from who did it for longer than that
ASIDE: Final = frozenset(  # what a replica may answer, beside all that is read of jobs
    {
        *("/api/tickets", "/api/optics-requests", "/api/tickets/{ticket_id}/history"),
        *("/api/tags", "/api/audit", "/api/dashboard/stats"),
    }
)
_HEADER: Final = HEADER.lower().encode()
ASKED: Final = (
    "The greatest `Bulkhead-LSN` of earlier answers: what is answered is at least as new. Or `latest`, as is any other "
    "value: all that has been done is in it. Without it, and with a replica to read from, it may be some seconds old."
)
TOLD: Final = (
    "How new this is, with DATABASE_READ_URL: sent back with reads it keeps them from being older. The greater of two, "
    "as texts, is the newer. Send `latest` after an answer without one, and after an event."
)
_POSITION: Final = re.compile(rb"[0-9A-F]{16}")
_OF_JOBS: Final = "/api/jobs"


class Log(Protocol):
    async def position(self) -> int:
        """Return up to where the log is durable, with all that has been committed."""


class Positions:
    """Hands on what a request has seen to whatever reads for it."""

    def __init__(self, app: ASGIApp, log: Log) -> None:
        self._app = app
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        seen = _seen(scope)
        SEEN.set(seen)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *await self._told(seen)]
            await send(message)

        await self._app(scope, receive, answer)

    async def _told(self, seen: Seen) -> list[tuple[bytes, bytes]]:
        """Return the header, where it is known what to say in it."""
        position = await self._after_writing() if seen.has_written else None if seen.has_read_now else seen.shown
        return [] if position is None else [(_HEADER, f"{position:016X}".encode())]

    async def _after_writing(self) -> int | None:
        try:
            async with asyncio.timeout(TELL_SECONDS):
                return await self._log.position()
        except Exception as error:
            if not is_unavailable(error):
                raise
            return None


def _seen(scope: Scope) -> Seen:
    """Return what the request says it has seen; a value that is no position asks for all that has been committed.

    So do requests for jobs: the primary tells of a job, and what is told of its items is not to be older than that.
    """
    if scope["path"].startswith(_OF_JOBS):
        return Seen(None)
    said = next((value for name, value in scope["headers"] if name == _HEADER), None)
    if said is None:
        return Seen()
    return Seen(int(said, 16) if _POSITION.fullmatch(said) else None)
