"""Sends to webhooks wrongly."""

from uuid import UUID

import httpx
from sqlalchemy.ext.asyncio import AsyncConnection

from app.deliveries import store as sent
from app.deliveries.models import Attempt, Due, Outcome
from app.webhooks import deliveries, store
from tests.chaos.variants.replacing import replace
from worker import webhooks
from worker.webhooks import WebhookLanes


def writes_down_before_it_sends() -> None:
    """Commit that deliveries have come to their receiver, and send them then."""

    async def send_some(
        self: WebhookLanes, client: httpx.AsyncClient, webhook_id: UUID, connection: AsyncConnection
    ) -> bool:
        async with connection.begin():
            receiver = await store.hold(connection, webhook_id)
            due = await sent.claim(connection, deliveries.of(webhook_id), webhooks.AT_ONCE) if receiver else []
            if receiver is None or not due:
                return False
            messages = [await webhooks.message_of(connection, receiver, each) for each in due]
            come = Attempt(due[0].at, 0, 200)
            await sent.record(connection, [_come(each, come) for each in due])
        await self._requests.post_all(client, receiver.url, messages)
        return True

    replace(WebhookLanes, "_send_some", send_some)


def _come(due: Due, attempt: Attempt) -> Outcome:
    return Outcome(due.id, [attempt], "delivered")
