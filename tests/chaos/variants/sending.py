"""Sends to webhooks and to people wrongly."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import httpx
from sqlalchemy.ext.asyncio import AsyncConnection

from app.deliveries import store as sent
from app.deliveries.models import Attempt, Channel, Due, Outcome
from app.notifications import channels, providers
from app.notifications.models import Letter
from app.webhooks import deliveries, store
from tests.chaos.variants.replacing import replace
from worker import people, webhooks
from worker.people import PeopleLanes
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
            await _record_as_come(connection, due)
        await self._requests.post_all(client, receiver.url, messages)
        return True

    replace(WebhookLanes, "_send_some", send_some)


def writes_down_before_it_writes() -> None:
    """Commit that letters were taken, and bring them to the server then."""

    async def send_some(self: PeopleLanes, channel: Channel, connection: AsyncConnection) -> bool:
        async with connection.begin():
            is_held = await channels.hold(connection, channel)
            due = await sent.claim(connection, channels.of(channel), people.AT_ONCE) if is_held else []
            if not due:
                return False
            letters = [await self._letters.write(connection, each, channel) for each in due]
            await _record_as_come(connection, due)
        through = self._providers_of[channel]
        written = (letter for letter in letters if isinstance(letter, Letter))
        await asyncio.gather(*(providers.send(through, letter, self._seconds) for letter in written))
        return True

    replace(PeopleLanes, "_send_some", send_some)


async def _record_as_come(connection: AsyncConnection, due: Sequence[Due]) -> None:
    await sent.record(connection, [Outcome(each.id, [Attempt(due[0].at, 0, 200)], "delivered") for each in due])
