"""Workers killed while they write e-mail to people; then Postgres restarted, and Redis emptied."""

from collections import defaultdict
from functools import partial
from random import Random
from typing import Final

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.events import store
from app.tickets.models import tickets
from tests.chaos import sending
from tests.chaos.scene import Scene
from tests.chaos.sending import Sending
from tests.support.mailbox import Mailbox, mailbox

SENDER: Final = "desk@example.com"


class ToPeople(Sending):
    """Tickets that the agent is told of, each in a letter that has its number as the subject."""

    unit = "letters"
    pending = "select id from deliveries where channel = 'email' and status = 'pending' and attempts = 0 limit 1"

    def __init__(self, scene: Scene, box: Mailbox) -> None:
        super().__init__(scene)
        self._box = box

    async def write(self, connection: AsyncConnection, number: int) -> None:
        people = self.scene.people
        values = {"title": f"{number}", "requester_id": people.requester.id, "assignee_id": people.agent.id}
        added = await connection.execute(insert(tickets).values(**values).returning(tickets.c.id))
        data = {"ticket": {"id": str(added.scalar_one()), "status": "open"}}
        await store.record(connection, "ticket.created", data, actor_id=people.admin.id)

    def came(self) -> list[int]:
        return [len(self._box.ids)]

    def ids(self) -> dict[str, dict[int, set[str]]]:
        numbers = defaultdict(set)
        for message in self._box.to(self.scene.people.agent.email):
            numbers[int(message["Subject"].split()[0])].add(message["Message-ID"])
        return {"the agent": numbers}


async def killed_while_writing(scene: Scene, random: Random, scale: int) -> None:
    """SIGKILL workers while they write to somebody of many tickets; then restart Postgres, and empty Redis.

    The server of e-mail is a real one. It must get each letter, and a repeat must have the id of the first.
    """
    kills, each = max(5, 2 * scale), 50 if scale == 1 else 250
    async with mailbox() as box:
        await scene.start(workers=0)
        written = ToPeople(scene, box)
        start_worker = partial(scene.start_worker, SMTP_URL=box.url, MAIL_FROM=SENDER)
        await sending.killed(written, random, start_worker, kills, each)
        await sending.robbed(written, random, each)
        await written.is_all_there()
        scene.record.broken += written.faults()
