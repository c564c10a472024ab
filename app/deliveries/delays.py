"""How long to wait before the next attempt."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

FIRST_SECONDS: Final = 5.0
MAX_SECONDS: Final = 6 * 3600.0
MAX_RETRY_AFTER_SECONDS: Final = 24 * 3600.0  # whoever asks for more is asked again after this
MAX_REST_SECONDS: Final = 60.0

Jitter = Callable[[float, float], float]


def before_retry(failures: int, jitter: Jitter = random.uniform) -> float:
    """Return the seconds to wait after so many failures: exponential, with full jitter.

    Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
    """
    return jitter(0, min(MAX_SECONDS, FIRST_SECONDS * 2.0 ** min(failures - 1, 32)))


def of_rest(failing_seconds: float, jitter: Jitter = random.uniform) -> float:
    """Return the seconds to leave a webhook alone for that has failed for so long: as long again, up to a minute."""
    return jitter(0, min(MAX_REST_SECONDS, failing_seconds))


def asked_for(retry_after: str | None, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for, as a number or as a date (RFC 9110, 10.2.3)."""
    if retry_after is None:
        return None
    try:
        seconds = float(retry_after) if _is_number(retry_after) else (_date(retry_after) - now).total_seconds()
    except ValueError:
        return None
    return min(max(seconds, 0), MAX_RETRY_AFTER_SECONDS)


def _date(text: str) -> datetime:
    found = parsedate_to_datetime(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()
