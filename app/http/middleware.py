"""What every HTTP exchange gets, whoever answers it: a request id, safe headers, one line in the log."""

import secrets
import time
from http import HTTPStatus

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from app import tracing
from app.http import timing

# A page that is shown to people needs others: what the answer says itself stays.
SAFE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}
_SAFE_HEADERS = [(name.lower().encode(), value.encode()) for name, value in SAFE_HEADERS.items()]

BEGINNINGS = ("http.response.start", "websocket.accept", "websocket.http.response.start")

log = structlog.get_logger("app.access")


class Exchanges:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request_id = secrets.token_hex(16)
        answer = _Answer(send, request_id)
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, answer.send)
            return
        structlog.contextvars.bind_contextvars(request_id=request_id)  # each request has a context of its own
        started = time.perf_counter()
        parent = _traceparent_in(scope) if tracing.is_on() else None
        try:
            with tracing.span(scope["method"], kind="server", parent=parent) as span:
                await self._app(scope, receive, answer.send)
                if tracing.is_on():
                    _describe(span, scope, answer.status)
        finally:
            seconds = time.perf_counter() - started
            timing.observe(scope, answer.status, seconds)
            # The path only: a query may hold what people search for.
            log.info(
                "request",
                method=scope["method"],
                path=scope["path"],
                status=answer.status,
                ms=round(seconds * 1000, 1),
            )


def _traceparent_in(scope: Scope) -> str | None:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == b"traceparent"), None)


def _describe(span: tracing.Span, scope: Scope, status: int | None) -> None:
    """Say of a request what metrics say: its path may hold a token."""
    route = timing.route_of(scope)
    span.name(f"{scope['method']} {route}")  # type: ignore[typeddict-item]
    span.note({"http.request.method": scope["method"], "http.route": route, "http.response.status_code": status or 0})  # type: ignore[typeddict-item]
    if status is not None and status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        span.fail(str(int(status)))


class _Answer:
    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id
        self.status: int | None = None
        self._has_begun = False

    async def send(self, message: Message) -> None:
        if message["type"] == "websocket.close" and not self._has_begun:
            await self._refuse()
            return
        if message["type"] in BEGINNINGS:
            self._has_begun = True
            self.status = int(message.get("status", 0))  # type: ignore[call-overload]
            own: list[tuple[bytes, bytes]] = list(message.get("headers") or ())  # type: ignore[call-overload]
            named = {name.lower() for name, _ in own}
            safe = [header for header in _SAFE_HEADERS if header[0] not in named]
            message["headers"] = [*own, *safe, (b"x-request-id", self._request_id.encode())]  # type: ignore[typeddict-unknown-key]
        await self._send(message)

    async def _refuse(self) -> None:
        """Answer a handshake with a response of ours: for a mere close uvicorn would make one without headers."""
        status = HTTPStatus.FORBIDDEN
        await self.send({"type": "websocket.http.response.start", "status": status, "headers": []})
        await self._send({"type": "websocket.http.response.body", "body": b"", "more_body": False})
