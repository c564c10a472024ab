"""How long requests take, by route: see `app.metrics.HTTP`."""

from functools import lru_cache
from typing import Final

from litestar.types import Scope
from prometheus_client import Histogram

from app.metrics import HTTP

METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
ELSEWHERE: Final = "none"  # what clients make up must not become a label
POLLS: Final = "/socket.io"


def observe(scope: Scope, status: int | None, seconds: float) -> None:
    """Note a request that was answered, or whose client has gone without an answer."""
    _timed(route_of(scope), scope["method"], status).observe(seconds)  # type: ignore[typeddict-item]


def route_of(scope: Scope) -> str:
    return scope.get("path_template") or (POLLS if scope["path"].startswith(POLLS) else ELSEWHERE)


@lru_cache(maxsize=4096)
def _timed(route: str, method: str, status: int | None) -> Histogram:
    return HTTP.labels(route, method if method in METHODS else ELSEWHERE, status or ELSEWHERE)
