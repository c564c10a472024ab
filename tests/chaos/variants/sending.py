"""Sends to webhooks wrongly."""

from uuid import UUID

import httpx
from sqlalchemy.ext.asyncio import AsyncConnection

from app.webhooks import deliveries, store
from app.webhooks.models import Attempt, Due, Outcome
from tests.chaos.variants.replacing import replace
from worker import senders
from worker.senders import Senders


def writes_down_before_it_sends() -> None:
    """Commit that deliveries have come to their receiver, and send them then."""

    async def send_some(
        self: Senders, connection: AsyncConnection, client: httpx.AsyncClient, webhook_id: UUID
    ) -> bool:
        async with connection.begin():
            receiver = await store.hold(connection, webhook_id)
            due = await deliveries.claim(connection, webhook_id, senders.AT_ONCE) if receiver else []
            if receiver is None or not due:
                return False
            messages = [await senders._message(connection, receiver, each) for each in due]
            come = Attempt(due[0].at, 0, 200)
            await deliveries.record(connection, [_come(each, come) for each in due])
        await self._requests.post_all(client, receiver.url, messages)
        return True

    replace(Senders, "_send_some", send_some)


def _come(due: Due, attempt: Attempt) -> Outcome:
    return Outcome(due.id, attempt, "delivered", 0)
