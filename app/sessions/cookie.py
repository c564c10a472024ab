"""The cookie that a browser keeps its refresh token in: no script sees it, no other site sends it, one path gets it."""

from typing import Final

NAME: Final = "refresh"
PATH: Final = "/api/session/refresh"


def header(token: str, life_seconds: int, *, secure: bool) -> str:
    """Return the value of a Set-Cookie."""
    kept = f"{NAME}={token}; Path={PATH}; Max-Age={life_seconds}; HttpOnly; SameSite=Strict"
    return f"{kept}; Secure" if secure else kept


REMOVED: Final = header("", 0, secure=False)
