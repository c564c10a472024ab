"""Answers to what never becomes a request: whole HTTP responses, as bytes."""

from collections.abc import Iterable
from uuid import uuid4

import structlog

from app.errors import AppError
from app.http import problems
from app.http.middleware import SAFE_HEADERS

log = structlog.get_logger("app.access")


def render(error: AppError, server_headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Write `error` as a response that closes the connection, with the headers that every answer has."""
    request_id = uuid4().hex
    log.info("request_refused", status=int(error.status), code=error.code, request_id=request_id)
    body = problems.body_of(error, request_id)
    headers = {
        **SAFE_HEADERS,
        **error.headers,
        "X-Request-Id": request_id,
        "Content-Type": problems.PROBLEM_JSON,
        "Content-Length": str(len(body)),
        "Connection": "close",
    }
    lines = [f"HTTP/1.1 {error.status.value} {error.status.phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"{name.decode()}: {value.decode()}" for name, value in server_headers]
    return "\r\n".join([*lines, "", ""]).encode() + body
