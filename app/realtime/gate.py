"""Tells those who may not connect why."""

from typing import Any

import msgspec
import structlog

from app.errors import AppError
from app.problems import PROBLEM_JSON, Problem


class Gate:
    """Answers a handshake that was refused, be it of a request or of a websocket."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await self._app(scope, receive, send)
        except AppError as error:
            prefix = "websocket.http" if scope["type"] == "websocket" else "http"
            headers = error.headers | {"Content-Type": PROBLEM_JSON}
            await send(
                {
                    "type": f"{prefix}.response.start",
                    "status": error.status,
                    "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
                }
            )
            await send({"type": f"{prefix}.response.body", "body": _problem(error), "more_body": False})


def _problem(error: AppError) -> bytes:
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    problem = Problem(
        status=error.status, title=error.status.phrase, code=error.code, detail=error.detail, request_id=request_id
    )
    return msgspec.json.encode(problem)
