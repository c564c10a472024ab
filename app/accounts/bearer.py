from collections.abc import Iterable

from app.errors import Unauthorized


def token_in(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Return the token of `Authorization: Bearer <token>`; raise `Unauthorized` without one."""
    for name, value in headers:
        if name == b"authorization":
            scheme, _, token = value.decode("latin-1").partition(" ")
            if scheme.lower() == "bearer":
                return token.strip()
            break
    raise Unauthorized
