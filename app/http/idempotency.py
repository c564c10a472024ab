import re
from typing import Annotated, Final

from litestar.params import HeaderParameter

from app.errors import InvalidRequest

REPLAYED: Final = {"Idempotency-Replayed": "true"}

IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        description="1 to 255 visible ASCII characters; the same key, done once",
        schema_extra={"pattern": r"^[\x21-\x7e]{1,255}$"},
    ),
]


def checked_key(key: str | None) -> str | None:
    """Raise `InvalidRequest` unless `key` has 1 to 255 visible ASCII characters."""
    if key is not None and not re.fullmatch(r"[\x21-\x7e]{1,255}", key):
        raise InvalidRequest.at("header.Idempotency-Key", "Send 1 to 255 visible ASCII characters")
    return key
