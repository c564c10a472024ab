"""How a list is answered in parts: by page, as most clients know it, and by cursors that cannot be forged."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Sequence
from typing import Any, Generic, Protocol, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from app.database import COUNT_LIMIT
from app.errors import InvalidRequest

_MAC_BYTES = 16
_WHICH_PART = {"page", "start", "limit", "cursor"}  # of a list, whatever that is of

Item = TypeVar("Item")
Position = TypeVar("Position")


class Pagination(msgspec.Struct, frozen=True, rename="camel"):
    """A list too long to be counted has a `total` that is not exact: COUNT_LIMIT, or less in a list that says so."""

    page: int
    limit: int
    total: int
    total_pages: int
    total_is_exact: bool

    @classmethod
    def of(cls, page: int, limit: int, counted: int, most: int = COUNT_LIMIT) -> "Pagination":
        """Make it of what `count_some` counted, which is more than `most` where it is not exact."""
        total = min(counted, most)
        return cls(page, limit, total, -(-total // limit), total == counted)


class Part(msgspec.Struct, Generic[Item], frozen=True):
    """Some of a list, in order; `next_cursor` leads on, and is None at the end."""

    items: Sequence[Item]
    next_cursor: str | None


class _CursorQuery(Protocol):
    @property
    def limit(self) -> int: ...

    @property
    def cursor(self) -> str | UnsetType: ...


class Cursors:
    """Opaque, signed positions in a list; a cursor is good in its own scope only, which is what was asked for."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(b"bulkhead cursor\0" + secret.encode()).digest()
        self._encode = msgspec.msgpack.Encoder(uuid_format="bytes").encode

    def start_of(self, query: _CursorQuery, position: type[Position], scope: Any = None) -> Position | None:
        """Return the position that a query goes on from; None for the start of the list.

        Raises:
            InvalidRequest: the cursor is not one that `part_of` gave for such a query.
        """
        return None if query.cursor is UNSET else self.read(query.cursor, position, [_asked(query), scope])

    def part_of(
        self, query: _CursorQuery, found: Sequence[Item], position_of: Callable[[Item], Any], scope: Any = None
    ) -> Part[Item]:
        """Return what a query asked for of `found`, which has one item more if the list goes on."""
        shown, goes_on = found[: query.limit], len(found) > query.limit
        return Part(shown, self.write(position_of(shown[-1]), [_asked(query), scope]) if goes_on else None)

    def write(self, position: Any, scope: Any) -> str:
        body = self._encode(position)
        return _written(self._mac(body, scope) + body)

    def read(self, cursor: str, position: type[Position], scope: Any) -> Position:
        """Raise `InvalidRequest` for what `write` did not make for this scope."""
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except (binascii.Error, ValueError):
            raw = b""
        mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        # Compared in its written form too: base64 has spare bits, and a changed cursor must not pass as the same one.
        if not hmac.compare_digest(mac, self._mac(body, scope)) or _written(raw) != cursor:
            raise InvalidRequest.at("query.cursor", "Not a cursor of this list: take nextCursor from its last answer")
        return msgspec.msgpack.decode(body, type=position)

    def _mac(self, body: bytes, scope: Any) -> bytes:
        return hmac.digest(self._key, self._encode([scope, body]), "sha256")[:_MAC_BYTES]


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _asked(query: Any) -> Any:
    """Return what a query is about, whichever part of the list it wants."""
    fields = msgspec.structs.asdict(query)
    about = {name: fields[name] for name in fields.keys() - _WHICH_PART if fields[name] is not UNSET}
    return [type(query).__name__, sorted(about.items())]
