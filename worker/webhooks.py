"""Lanes of webhooks: each sends what is due to one webhook, some deliveries at a time."""

import contextlib
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Final
from uuid import UUID

import httpx
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from app.audit import store as audit
from app.audit.models import Origin
from app.deliveries import delays
from app.deliveries import store as sent
from app.deliveries.models import Answered, Due
from app.deliveries.outcomes import outcome_of
from app.webhooks import contents, deliveries, signing, store
from app.webhooks.models import DisabledReason, Receiver
from app.webhooks.requests import Message, Requests
from worker.senders import SendSome

# Deliveries to one webhook. With more of them httpx is slower: each request looks through all connections.
AT_ONCE: Final = 10
FAILING_SECONDS: Final = 3 * 86_400.0  # a webhook that fails for longer is disabled

log = structlog.get_logger(__name__)


class WebhookLanes:
    def __init__(self, requests: Requests) -> None:
        self._requests = requests

    @contextlib.asynccontextmanager
    async def opened(self, lane_id: UUID) -> AsyncIterator[SendSome]:
        """Open the lane of a webhook, which has its id."""
        async with self._requests.client() as client:
            yield partial(self._send_some, client, lane_id)

    async def _send_some(self, client: httpx.AsyncClient, webhook_id: UUID, connection: AsyncConnection) -> bool:
        """Claim, send, record and commit; False when nothing is due, or another lane is at it."""
        async with connection.begin():
            receiver = await store.hold(connection, webhook_id)
            if receiver is None:
                return False
            due = await sent.claim(connection, deliveries.of(webhook_id), receiver.at_once(AT_ONCE))
            if not due:
                return False
            messages = [await message_of(connection, receiver, each) for each in due]
            answered = await self._requests.post_all(client, receiver.url, messages)
            await sent.record(connection, [outcome_of(each, [came]) for each, came in zip(due, answered, strict=True)])
            await _judge(connection, receiver, answered)
        return True


async def message_of(connection: AsyncConnection, receiver: Receiver, due: Due) -> Message:
    """Return what is sent of a delivery, signed."""
    body = (await contents.content_of(connection, due)).body
    return Message(signing.headers_of(due.id, datetime.now(UTC), body, receiver.secrets), body)


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
