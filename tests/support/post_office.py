"""Webhooks, messages to people, and their lanes over a real database, with the seam to Redis replaced."""

import asyncio
import time
from collections import Counter
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts.models import User
from app.events import store as events
from app.events.names import Name
from app.notifications import channels
from app.notifications.addresses import Addresses as NamedAddresses
from app.notifications.letters import Letters
from app.notifications.providers import Provider
from app.webhooks import signing
from app.webhooks.addresses import Addresses
from app.webhooks.models import webhooks
from app.webhooks.requests import Requests
from worker.people import PeopleLanes
from worker.planner import Planner
from worker.senders import Senders
from worker.webhooks import WebhookLanes

CONSOLE = "https://desk.example.com"


class RecordedWakeUps:
    def __init__(self) -> None:
        self.woken: Counter[UUID] = Counter()
        self.queued: Counter[UUID] = Counter()

    async def wake(self, webhook_ids: Collection[UUID]) -> None:
        self.woken.update(webhook_ids)

    async def waiting(self) -> Counter[UUID]:
        return self.queued


class PostOffice:
    def __init__(
        self,
        engine: AsyncEngine,
        admin: User,
        *,
        is_development: bool = True,
        seconds: float = 5,
        addresses: NamedAddresses | None = None,
    ) -> None:
        self.engine = engine
        self.admin = admin
        self.wake_ups = RecordedWakeUps()
        self.planner = Planner(engine, self.wake_ups, addresses or NamedAddresses())
        requests = Requests(Addresses(is_development=is_development), seconds)
        self.stop = asyncio.Event()
        self.providers: list[Provider] = []  # of e-mail
        self.sms_providers: list[Provider] = []
        self.senders = Senders(
            engine,
            self.wake_ups,
            WebhookLanes(requests),
            PeopleLanes(Letters(CONSOLE), {"email": self.providers, "sms": self.sms_providers}, seconds),
            stop=self.stop,
            clock=time.monotonic,
        )

    async def add_webhook(self, url: str, *names: Name, secret: str | None = None, items: bool = False) -> UUID:
        values = {
            "url": url,
            "events": list(names) or ["ticket.created"],
            "items": items,
            "secret": secret or signing.new_secret(),
            "created_by": self.admin.id,
        }
        async with self.engine.begin() as connection:
            added: UUID = (
                await connection.execute(insert(webhooks).values(**values).returning(webhooks.c.id))
            ).scalar_one()
            return added

    async def record(self, name: Name = "ticket.created", count: int = 1, **data: Any) -> None:
        async with self.engine.begin() as connection:
            for _ in range(count):
                await events.record(connection, name, data, actor_id=None)

    async def deliver(self) -> None:
        """Plan what there is, and send what is due."""
        await self.planner.sweep()
        await self.send()

    async def send(self) -> None:
        """Send what is due."""
        async with self.engine.connect() as connection:
            webhook_ids = list((await connection.execute(select(webhooks.c.id))).scalars())
        await asyncio.gather(*map(self.senders.run, [*webhook_ids, *channels.LANES]))

    async def make_due(self) -> None:
        """Let time pass until everything is to be tried again."""
        await self.execute("update deliveries set next_at = now() - interval '1 second' where status = 'pending'")
        await self.execute("update webhooks set rests_until = null")

    async def execute(self, statement: str, **values: object) -> None:
        async with self.engine.begin() as connection:
            await connection.execute(text(statement), values)

    async def rows(self, statement: str, **values: object) -> list[Any]:
        async with self.engine.connect() as connection:
            return list(await connection.execute(text(statement), values))

    async def statuses(self) -> Counter[str]:
        return Counter(row.status for row in await self.rows("select status from deliveries"))

    async def webhook(self, webhook_id: UUID) -> Any:
        [row] = await self.rows("select * from webhooks where id = :id", id=webhook_id)
        return row
