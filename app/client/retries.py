"""Which answers may be other ones later, and when to ask again."""

from http import HTTPStatus
from typing import Final

FIRST_PAUSE_SECONDS: Final = 0.2
LONGEST_PAUSE_SECONDS: Final = 5.0

PASSING: Final = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)


def is_passing(status: int) -> bool:
    return status in PASSING


def leaves_doubt(status: int) -> bool:
    """Tell whether what was asked for may have been done in spite of such an answer."""
    return is_passing(status) and status != HTTPStatus.TOO_MANY_REQUESTS


def pause_seconds(tries: int, retry_after: float | None) -> float:
    """Return how long to wait after so many tries: what the API asks for, or longer and longer."""
    if retry_after is not None:
        return retry_after
    return min(FIRST_PAUSE_SECONDS * 2.0 ** (tries - 1), LONGEST_PAUSE_SECONDS)


def retry_after_of(header: str | None) -> float | None:
    """Return the seconds that a header tells, or None; a date, as proxies may send, is passed over."""
    try:
        seconds = float(header or "")
    except ValueError:
        return None
    return seconds if 0 <= seconds < float("inf") else None
