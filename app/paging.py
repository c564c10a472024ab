"""Pages as clients of list routes know them, and cursors that cannot be forged."""

import base64
import binascii
import hashlib
import hmac
from typing import Annotated, Any

import msgspec
from litestar.params import QueryParameter

from app.database import COUNT_LIMIT
from app.errors import InvalidRequest

MAX_PAGE = 1_000_000
MAX_LIMIT = 100
DEFAULT_LIMIT = 20
_MAC_BYTES = 16

PageNumber = Annotated[int, QueryParameter(ge=1, le=MAX_PAGE, description="Which page, from 1")]
PageLimit = Annotated[int, QueryParameter(ge=1, le=MAX_LIMIT, description="How many a page")]
Cursor = Annotated[str | None, QueryParameter(max_length=100, description="nextCursor of the page before")]


class Pagination(msgspec.Struct, frozen=True, rename="camel"):
    """A list too long to be counted has a `total` of COUNT_LIMIT that is not exact."""

    page: int
    limit: int
    total: int
    total_pages: int
    total_is_exact: bool

    @classmethod
    def of(cls, page: int, limit: int, counted: int) -> "Pagination":
        """Make it of what `count_some` counted."""
        total = min(counted, COUNT_LIMIT)
        return cls(page, limit, total, -(-total // limit), total == counted)


def only_one_of(page: int, cursor: str | None) -> None:
    """Raise `InvalidRequest` for a request that says in two ways where it wants to go on."""
    if cursor is not None and page != 1:
        raise InvalidRequest.at("query.page", "Give either `page` or `cursor`")


class Cursors:
    """Opaque, signed positions in a list; `scope` is what they are for, and a cursor is good in its own scope only."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"bulkhead cursor\0" + secret.encode()).digest()

    def write(self, position: int, scope: Any) -> str:
        body = str(position).encode()
        return base64.urlsafe_b64encode(self._mac(body, scope) + body).decode().rstrip("=")

    def read(self, cursor: str, scope: Any) -> int:
        """Raise `InvalidRequest` for what `write` did not make for this scope."""
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except (binascii.Error, ValueError):
            raw = b""
        mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        # Compared in its written form too: base64 has spare bits, and a changed cursor must not pass as the same one.
        if not hmac.compare_digest(mac, self._mac(body, scope)) or self.write(int(body), scope) != cursor:
            raise InvalidRequest.at("query.cursor", "Not a cursor of this list: take nextCursor from its last answer")
        return int(body)

    def _mac(self, body: bytes, scope: Any) -> bytes:
        return hmac.digest(self._key, msgspec.json.encode([scope, body.hex()]), "sha256")[:_MAC_BYTES]
