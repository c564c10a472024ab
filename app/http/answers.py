"""How answers are made of what services return, and become bytes."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, TypeVar

import msgspec
from litestar import HttpMethod, MediaType, Response
from litestar.types import Receive, Scope, Send

from app.http.etags import etag_of, is_known

Body = TypeVar("Body")
Shown = TypeVar("Shown", bound=msgspec.Struct)

_JSON = (b"content-type", b"application/json")


def answer(found: Any, shown: type[Shown]) -> Shown:
    """Make a body of an object's attributes; what else the object has stays with us."""
    return msgspec.convert(found, shown, from_attributes=True)


def answers(found: Iterable[Any], shown: type[Shown]) -> list[Shown]:
    """Make a body of each object's attributes."""
    return msgspec.convert(found, list[shown], from_attributes=True)  # type: ignore[valid-type]


class Answer(Response[Body]):
    """litestar's response, but that a struct goes straight to what ASGI sends, with its headers.

    litestar merges headers and cookies of all its layers and builds a second response, which takes a third of the time
    of a small answer. What is no struct, or has cookies or a background task, still goes that way.
    """

    def to_asgi_response(self, app: Any, request: Any, **layers: Any) -> Any:
        is_plain = isinstance(self.content, msgspec.Struct) and self.media_type in {None, MediaType.JSON}
        if not is_plain or self.background or self.cookies or layers.get("headers") or layers.get("background"):
            return super().to_asgi_response(app, request, **layers)
        status = self.status_code or layers.get("status_code") or 200
        body = msgspec.json.encode(self.content)
        if request.method != HttpMethod.GET:
            return _Json(status, self.headers, body)
        etag = self.headers.get("ETag") or etag_of(body)
        if is_known(request.scope, etag):
            return _Json(HTTPStatus.NOT_MODIFIED, {"ETag": etag}, b"")
        return _Json(status, self.headers | {"ETag": etag}, body)


class _Json:
    """A whole answer, as an ASGI application."""

    __slots__ = ("_body", "_headers", "_status")

    def __init__(self, status: int, headers: dict[str, Any], body: bytes) -> None:
        self._status = status
        self._body = body
        self._headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        if body:
            self._headers += (_JSON, (b"content-length", b"%d" % len(body)))

    async def __call__(self, _: Scope, __: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self._status, "headers": self._headers})
        await send({"type": "http.response.body", "body": self._body, "more_body": False})
