"""E-mail with an API and workers as processes: settings, wake-ups, and what is killed in mid-send."""

import asyncio

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.support.mailbox import Mailbox
from tests.support.programs import Process
from tests.support.system import System
from tests.support.waiting import until

PATIENT_SECONDS = 30


def start_worker(system: System, box: Mailbox) -> Process:
    return system.start(
        "worker.main", SMTP_URL=box.url, MAIL_FROM="desk@example.com", APP_URL="https://desk.example.com"
    )


async def test_what_a_killed_worker_was_sending_is_sent_again_with_its_id(
    system: System, admin: httpx.AsyncClient, engine: AsyncEngine, box: Mailbox
) -> None:
    ticket_id = (await admin.post("/api/tickets", json={"title": "Printer"})).json()["id"]
    [other] = (await admin.get("/api/users", params={"text": "other_admin"})).json()["users"]
    await admin.patch(f"/api/tickets/{ticket_id}", json={"assigneeId": other["id"]})
    async with engine.begin() as connection:  # as planned while nobody was assigned
        await connection.execute(text("delete from events where type = 'ticket.created'"))
    box.hangs = True
    worker = start_worker(system, box)
    await until(lambda: box.at_work == 1, seconds=PATIENT_SECONDS)
    worker.kill()
    await asyncio.to_thread(worker.wait)
    box.hangs = False
    start_worker(system, box)
    await until(lambda: box.messages, seconds=PATIENT_SECONDS)
    [message] = box.messages
    assert message["To"] == "other_admin@example.com"
    text_part, _ = message.iter_parts()
    assert f"https://desk.example.com/tickets/{ticket_id}" in text_part.get_content()
    await until(lambda: is_recorded(engine, str(message["Message-ID"])), seconds=PATIENT_SECONDS)


async def is_recorded(engine: AsyncEngine, message_id: str) -> bool:
    async with engine.connect() as connection:
        found = await connection.execute(text("select id, status, attempts from deliveries"))
        return [(f"<{id_}@example.com>", *rest) for id_, *rest in found] == [(message_id, "delivered", 1)]
