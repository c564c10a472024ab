"""Lanes of webhooks: each sends what is due to one webhook, some deliveries at a time, one transaction these.

Their rows are locked while they are sent. A lane that dies takes its transaction with it, and Postgres sets them free.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import httpx
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.audit import store as audit
from app.audit.models import Origin
from app.outages import is_unavailable
from app.webhooks import contents, delays, deliveries, signing, store
from app.webhooks.models import Answered, DisabledReason, Due, Outcome, Receiver
from app.webhooks.queue import WakeUps
from app.webhooks.requests import Message, Requests

LANES: Final = 10  # webhooks that one worker process sends to at the same time, each with a connection to Postgres
# Deliveries to one webhook. With more of them httpx is slower: each request looks through all connections.
AT_ONCE: Final = 10
SLICE_SECONDS: Final = 2.0  # then others get their turn
STATEMENT_SECONDS: Final = 15.0
FAILING_SECONDS: Final = 3 * 86_400.0  # a webhook that fails for longer is disabled
IDLE_SECONDS: Final = 18.0  # of a transaction, while a receiver takes its time: more than a request may take

log = structlog.get_logger(__name__)


class Senders:
    """Runs lanes of this process until `stop` is set."""

    def __init__(
        self,
        engine: AsyncEngine,
        wake_ups: WakeUps,
        requests: Requests,
        *,
        stop: asyncio.Event,
        clock: Callable[[], float],
    ) -> None:
        self._engine = engine
        self._wake_ups = wake_ups
        self._requests = requests
        self._stop = stop
        self._clock = clock

    async def run(self, webhook_id: UUID) -> None:
        """Send until nothing is due, or the time slice is over: then others get their turn."""
        with structlog.contextvars.bound_contextvars(webhook_id=str(webhook_id)):
            try:
                await self._run(webhook_id)
            except Exception as error:  # one webhook's failure must not end the worker
                if is_unavailable(error):
                    log.warning("sending_interrupted", error=type(error).__name__)
                else:
                    log.exception("sending_failed")

    async def _run(self, webhook_id: UUID) -> None:
        ends_at = self._clock() + SLICE_SECONDS
        async with self._engine.connect() as connection, self._requests.client() as client:
            while await self._send_some(connection, client, webhook_id):
                if self._stop.is_set() or self._clock() >= ends_at:
                    await self._wake_ups.wake([webhook_id])
                    return

    async def _send_some(self, connection: AsyncConnection, client: httpx.AsyncClient, webhook_id: UUID) -> bool:
        """Claim, send, record and commit; False when nothing is due, or another lane is at it."""
        async with connection.begin():
            receiver = await store.hold(connection, webhook_id)
            if receiver is None:
                return False
            due = await deliveries.claim(connection, webhook_id, receiver.at_once(AT_ONCE))
            if not due:
                return False
            messages = [await _message(connection, receiver, each) for each in due]
            answered = await self._requests.post_all(client, receiver.url, messages)
            await deliveries.record(connection, [_outcome(*each) for each in zip(due, answered, strict=True)])
            await _judge(connection, receiver, answered)
        return True


async def _message(connection: AsyncConnection, receiver: Receiver, due: Due) -> Message:
    body = (await contents.content_of(connection, due)).body
    return Message(signing.headers_of(due.id, datetime.now(UTC), body, receiver.secrets), body)


def _outcome(due: Due, answered: Answered) -> Outcome:
    """Decide what becomes of a delivery: it is tried again until its time is over."""
    attempt, asked_for = answered.attempt, answered.retry_after_seconds or 0
    if attempt.is_delivered:
        return Outcome(due.id, attempt, "delivered", 0)
    delay_seconds = max(delays.before_retry(due.failures + 1), asked_for)
    is_over = (due.given_up_at - attempt.at).total_seconds() < delay_seconds
    return Outcome(due.id, attempt, "failed" if is_over or attempt.is_gone else "pending", delay_seconds)


async def _judge(connection: AsyncConnection, receiver: Receiver, answered: Sequence[Answered]) -> None:
    """Decide what becomes of a webhook: whether it counts as failing, rests for a while, or is disabled."""
    rest_seconds = max(each.retry_after_seconds or 0 for each in answered)
    failing_seconds = receiver.failing_seconds
    if any(each.attempt.is_gone for each in answered):
        await _disable(connection, receiver, "gone")
    elif any(each.attempt.is_delivered for each in answered):
        if failing_seconds is not None:
            await store.note_success(connection, receiver.id)
    elif failing_seconds is None:
        await store.note_failure(connection, receiver.id)
    elif failing_seconds > FAILING_SECONDS:
        await _disable(connection, receiver, "failing")
    else:
        rest_seconds = max(rest_seconds, delays.of_rest(failing_seconds))
    if rest_seconds:
        await store.rest(connection, receiver.id, rest_seconds)


async def _disable(connection: AsyncConnection, receiver: Receiver, reason: DisabledReason) -> None:
    if await store.disable(connection, receiver.id, reason, url=receiver.url):
        log.warning("webhook_disabled", reason=reason)
        await audit.record(
            connection,
            "webhook.disabled",
            Origin(),
            actor_id=None,
            subject_id=receiver.id,
            reason=reason,
            details={"url": receiver.url},
        )
