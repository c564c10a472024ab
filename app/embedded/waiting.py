import time
from collections.abc import Callable

POLL_SECONDS = 0.05


def until(condition: Callable[[], bool], timeout_seconds: float) -> bool:
    """Wait for a condition; tell whether it came true in time."""
    deadline = time.monotonic() + timeout_seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True
