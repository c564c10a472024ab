"""Tells those who may not connect why."""

from typing import Any

from app.errors import AppError
from app.http import problems


class Gate:
    """Answers a handshake that was refused, be it of a request or of a websocket."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await self._app(scope, receive, send)
        except AppError as error:
            prefix = "websocket.http" if scope["type"] == "websocket" else "http"
            headers = error.headers | {"Content-Type": problems.PROBLEM_JSON}
            await send(
                {
                    "type": f"{prefix}.response.start",
                    "status": error.status,
                    "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
                }
            )
            body = problems.body_of(error, problems.request_id())
            await send({"type": f"{prefix}.response.body", "body": body, "more_body": False})
