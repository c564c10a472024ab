"""Workers killed while they send to webhooks; then Postgres restarted, and Redis emptied."""

from collections import defaultdict
from random import Random
from typing import Final

import httpx
from sqlalchemy.ext.asyncio import AsyncConnection
from standardwebhooks import WebhookVerificationError

from app.events import store
from tests.chaos import sending
from tests.chaos.scene import Scene
from tests.chaos.sending import Sending
from tests.support.receiver import Received, Receiver, Reply, receiving

WELL, OTHER, BROKEN, GONE, HANGING = "/well", "/other", "/broken", "/gone", "/hanging"
HEALTHY: Final = (WELL, OTHER, BROKEN)  # in the end


class ToWebhooks(Sending):
    """Events for webhooks of one receiver."""

    unit = "events"
    pending = """
        select deliveries.id from deliveries join webhooks on webhooks.id = webhook_id
        where status = 'pending' and attempts = 0 and url like '%/well' limit 1
    """

    def __init__(self, scene: Scene, receiver: Receiver) -> None:
        super().__init__(scene)
        self._receiver = receiver
        self._secrets: dict[str, str] = {}

    async def add_webhook(self, path: str) -> None:
        body = {"url": self._receiver.url + path, "events": ["ticket.created"]}
        answer = await self.scene.admin.ask("POST", "/api/webhooks", json=body)
        assert answer is not None, "the API is away"
        assert answer.status_code == httpx.codes.CREATED, answer.text
        self._secrets[path] = answer.json()["secret"]

    async def write(self, connection: AsyncConnection, number: int) -> None:
        await store.record(connection, "ticket.created", {"number": number}, actor_id=None)

    def came(self) -> list[int]:
        return [len(self._receiver.ids[path]) for path in HEALTHY]

    def ids(self) -> dict[str, dict[int, set[str]]]:
        return {path: self._ids_at(path) for path in HEALTHY}

    def faults(self) -> list[str]:
        unsigned = sum(not self._is_signed(request) for request in self._receiver.requests)
        return super().faults() + ([f"{unsigned} requests were not signed"] if unsigned else [])

    def _ids_at(self, path: str) -> dict[int, set[str]]:
        numbers = defaultdict(set)
        for request in self._receiver.at(path):
            numbers[int(request.event["data"]["number"])].add(request.id)
        return numbers

    def _is_signed(self, request: Received) -> bool:
        try:
            request.verify(self._secrets[request.path])
        except WebhookVerificationError:
            return False
        return True


async def killed_while_sending(scene: Scene, random: Random, scale: int) -> None:
    """SIGKILL workers while events go to five webhooks: one hangs, one answers 500 for a while, one 410.

    Then restart Postgres, and empty Redis.
    """
    kills, each = max(5, 2 * scale), 60 if scale == 1 else 250
    async with receiving() as receiver:
        receiver.replies |= {BROKEN: Reply(500), GONE: Reply(410), HANGING: Reply(hangs=True)}
        await scene.start(workers=0)
        sent = ToWebhooks(scene, receiver)
        for path in (WELL, OTHER, BROKEN, GONE, HANGING):
            await sent.add_webhook(path)
        await sending.killed(sent, random, scene.start_worker, kills, each)
        receiver.replies[BROKEN] = Reply()
        await sending.robbed(sent, random, each)
        await sent.is_all_there()
        scene.record.broken += sent.faults()
        await _is_disabled(scene)


async def _is_disabled(scene: Scene) -> None:
    [[reason]] = await scene.jobs.rows("select disabled_reason from webhooks where url like '%/gone'")
    if reason != "gone":
        scene.record.broken.append("a webhook that answered 410 is still sent to")
