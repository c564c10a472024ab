"""Bounds that uvicorn does not set: on the time a request takes to arrive, on its head, and on connections.

uvicorn's own `limit_concurrency` does not do the last: it looks at requests whose headers are complete, not at
connections that send nothing, nor at websockets. A bound for each address is left to a proxy: behind one, all
connections come from one address.
"""

import asyncio
import functools
import resource
from typing import Any, Final, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from app.errors import AppError, InvalidRequest
from app.http import refusals
from app.http.errors import HeadersTooLarge, RequestTimeout, TooManyConnections

MAX_HEAD_BYTES: Final = 64 * 1024
BYTES_A_SECOND: Final = 8 * 1024  # a slow line's, 64 kbit/s: each second's worth that has come buys a second more
CHECK_SECONDS: Final = 1.0
LINGER_SECONDS: Final = 2.0
FILES_BESIDE: Final = 200  # what a process opens that is no client's: Postgres, Redis, its log


def bounded(*, request_seconds: float, max_connections: int) -> type[asyncio.Protocol]:
    """Return what `uvicorn.Config` wants as `http`."""
    made = functools.partial(Connection, request_seconds=request_seconds, max_connections=max_connections)
    return cast(type[asyncio.Protocol], made)


def raise_file_limit(max_connections: int) -> None:
    """Let this process open as many files as it may have connections, where a shell's usual 1,024 are too few."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, max_connections + FILES_BESIDE)), hard))


class Connection(HttpToolsProtocol):
    """One connection, until it is closed or becomes a websocket.

    While it waits for an answer of ours, or is idle between two requests, it has all the time it wants; uvicorn's
    `timeout_keep_alive` closes idle ones.
    """

    _timer: asyncio.TimerHandle
    cycle: RequestResponseCycle | None  # type: ignore[assignment]  # uvicorn's type forgets that there may be none yet

    def __init__(self, *args: Any, request_seconds: float, max_connections: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._request_seconds = request_seconds
        self._max_connections = max_connections
        self._began_at: float | None = None  # when the request that is arriving began to
        self._received_bytes = 0
        self._has_head = False
        self._is_refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._began_at = self.loop.time()
        self._check()
        if len(self.connections) > self._max_connections:
            self._refuse(TooManyConnections())
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_refused:
            return
        if self._began_at is None:
            self._began_at = self.loop.time()
        self._received_bytes += len(data)
        super().data_received(data)
        if not self._has_head and self._received_bytes > MAX_HEAD_BYTES:
            self._refuse(HeadersTooLarge())

    def on_headers_complete(self) -> None:
        if self._head_bytes() > MAX_HEAD_BYTES:
            too_large = HeadersTooLarge()
            self._refuse(too_large)
            raise too_large  # so that the parser stops
        if self._began_at is None:  # it was sent right behind the one before
            self._began_at = self.loop.time()
        super().on_headers_complete()
        self._has_head = True

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._began_at = None
        self._received_bytes = 0
        self._has_head = False

    def handle_websocket_upgrade(self) -> None:
        self._timer.cancel()
        super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:
        """Refuse what the parser could not read; uvicorn calls this."""
        self._refuse(InvalidRequest(msg))

    def _head_bytes(self) -> int:
        return len(self.url) + sum(len(name) + len(value) for name, value in self.headers)

    def _check(self) -> None:
        """Look at the time now, and again when it may be over."""
        seconds_left = self._seconds_left()
        if seconds_left > 0:
            self._timer = self.loop.call_later(min(seconds_left, CHECK_SECONDS), self._check)
        elif self._received_bytes or self._has_head:
            self._refuse(RequestTimeout())
        else:
            self.transport.close()  # browsers open connections ahead, and may never use them

    def _seconds_left(self) -> float:
        if self._began_at is None:
            return CHECK_SECONDS
        now = self.loop.time()
        if self._client_waits():
            self._began_at = now
        return self._began_at + self._request_seconds + self._received_bytes / BYTES_A_SECOND - now

    def _client_waits(self) -> bool:
        """Tell whether it is our turn: to answer an earlier request, or to read on."""
        is_answering = self.cycle is not None and not self.cycle.response_complete and not self.cycle.more_body
        return is_answering or bool(self.pipeline) or self.flow.read_paused

    def _refuse(self, error: AppError) -> None:
        """Say why and hang up, once what the client still sends has been read for a moment.

        Closing a socket with bytes unread resets the connection, and the client might never see the answer.
        """
        if self._is_refused or self.transport.is_closing():
            return
        self._is_refused = True
        self._timer.cancel()
        self._timer = self.loop.call_later(LINGER_SECONDS, self.transport.abort)
        if self._may_answer():
            self.transport.write(refusals.render(error, self.server_state.default_headers))
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.write_eof()

    def _may_answer(self) -> bool:
        """Tell whether an answer would be taken for that to the request which is arriving, and be its only one."""
        if self.cycle is None:
            return True
        if self._has_head:
            return not self.cycle.response_started and not self.pipeline
        return self.cycle.response_complete
