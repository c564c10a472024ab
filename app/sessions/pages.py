"""Which pages may have a browser begin or refresh a session."""

from typing import Any

from litestar import Request

from app.sessions.errors import ForeignPage

OF_OUR_OWN = {"same-origin", "none"}  # none: a person typed it


class Pages:
    """Knows our own pages by what browsers say of a request and no script can change.

    The rules are those of `CrossOriginProtection` in Go's net/http. Sec-Fetch-Site is right whatever proxies make of
    our address; browsers leave it out where there is no TLS, and then Origin has to name the host that was asked.
    """

    def __init__(self, frontend_url: str | None) -> None:
        self._frontend_url = frontend_url

    def require_own(self, request: Request[Any, Any, Any]) -> None:
        """Raise `ForeignPage` for a request from another page; a program that is no browser names none."""
        origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
        if origin is not None and origin == self._frontend_url:
            return
        if site is not None:
            is_own = site in OF_OUR_OWN
        else:
            is_own = origin is None or origin.partition("://")[2] == request.headers.get("host")
        if not is_own:
            raise ForeignPage
