"""ETags of what is read: whoever asks again with one is told that nothing has changed, and not what it is."""

from hashlib import blake2b

from litestar.types import Scope

IF_NONE_MATCH = b"if-none-match"


def etag_of(body: bytes) -> str:
    """Return a weak ETag (RFC 9110, 8.8.3): it tells what is shown, not the version that a change may name."""
    return f'W/"{blake2b(body, digest_size=12).hexdigest()}"'


def is_known(scope: Scope, etag: str) -> bool:
    """Whether the client has the answer with this ETag already; they are compared weakly, as 13.1.2 has it."""
    for name, value in scope["headers"]:
        if name == IF_NONE_MATCH:
            known = [each.strip().removeprefix("W/") for each in value.decode("latin-1").split(",")]
            return "*" in known or etag.removeprefix("W/") in known
    return False
