"""What every HTTP exchange gets, whoever answers it: a request id, safe headers, one line in the log."""

import time
from uuid import uuid4

import structlog
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

SAFE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}

log = structlog.get_logger("app.access")


class Edge:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        request_id = uuid4().hex
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            answer = _Answer(send, request_id)
            started = time.perf_counter()
            try:
                await self._app(scope, receive, answer.send)
            finally:
                # The path only: a query may hold what people search for.
                log.info(
                    "request",
                    method=scope["method"],
                    path=scope["path"],
                    status=answer.status,
                    ms=round((time.perf_counter() - started) * 1000, 1),
                )


class _Answer:
    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = int(message["status"])
            headers = MutableScopeHeaders.from_message(message)
            headers["X-Request-Id"] = self._request_id
            for name, value in SAFE_HEADERS.items():
                headers[name] = value
        await self._send(message)
