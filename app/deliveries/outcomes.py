"""What becomes of a delivery after it was tried."""

from collections.abc import Sequence

from app.deliveries import delays
from app.deliveries.models import Answered, Due, Outcome


def outcome_of(due: Due, tried: Sequence[Answered]) -> Outcome:
    """Decide what becomes of a delivery after one or several attempts: it is tried again until its time is over."""
    attempts = [each.attempt for each in tried]
    if attempts[-1].is_delivered:
        return Outcome(due.id, attempts, "delivered")
    asked_for = min(each.retry_after_seconds or 0 for each in tried)
    delay_seconds = max(delays.before_retry(due.failures + 1), asked_for)
    is_over = (due.given_up_at - attempts[-1].at).total_seconds() < delay_seconds
    is_final = all(each.is_final for each in tried)
    return Outcome(due.id, attempts, "failed" if is_over or is_final else "pending", delay_seconds)
