"""Which web pages may open sockets."""

from collections.abc import Callable
from typing import Any

IsAllowed = Callable[[str | None, dict[str, Any]], bool]


def allowing(frontend_url: str | None) -> IsAllowed:
    """Return what python-engineio asks: it lets in the pages of the host that was called, and those of the front end.

    A page of ours is known by the host and port that its browser called, whatever name and port those are. Whether by
    https is left open, for a proxy in front of us may have ended that. What a header says was forwarded does not count.
    """

    def is_allowed(origin: str | None, environ: dict[str, Any]) -> bool:
        host = environ.get("HTTP_HOST", "")
        return origin is not None and origin in {f"http://{host}", f"https://{host}", frontend_url}

    return is_allowed
