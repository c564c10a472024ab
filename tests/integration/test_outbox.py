"""What admins see of what people are told, and what they can do about what did not arrive."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.comments.service import Comments
from app.notifications.smtp import Smtp
from tests.support.fakes import RecordedTicketAnnouncer
from tests.support.mailbox import Mailbox
from tests.support.people import People
from tests.support.post_office import PostOffice
from tests.support.workbench import Workbench

OUTBOX = "/api/outbox"


@pytest.fixture
async def office(bench: Workbench, people: People) -> PostOffice:
    """There is no provider. Of one comment requester and agent are told, of another one the agent alone."""
    office = PostOffice(bench.engine, people.admin)
    comments = Comments(bench.pools, RecordedTicketAnnouncer(), bench.outbox)
    [ticket_id] = await bench.tickets(1)
    await bench.execute("update tickets set assignee_id = :agent", agent=people.agent.id)
    await comments.create(people.admin, ticket_id, "Well <i>done</i>", internal=False)
    await comments.create(people.admin, ticket_id, "Pst", internal=True)
    await office.deliver()
    return office


async def test_without_a_provider_messages_can_be_read_here(
    office: PostOffice, admin: httpx.AsyncClient, people: People
) -> None:
    listed = (await admin.get(OUTBOX)).json()
    assert [(each["user"]["username"], each["topic"]) for each in listed["messages"]][:1] == [("agent", "commented")]
    assert {(each["status"], each["reason"]) for each in listed["messages"]} == {("skipped", "not_configured")}
    assert listed["nextCursor"] is None
    [answered] = [each for each in listed["messages"] if each["topic"] == "answered"]
    assert (answered["channel"], answered["type"], answered["nextAt"]) == ("email", "ticket.commented", None)
    shown = (await admin.get(f"{OUTBOX}/{answered['id']}")).json()
    assert answered.items() <= shown.items()
    assert shown["tried"] == []
    letter = shown["letter"]
    assert (letter["to"], letter["subject"]) == ("requester@example.com", "Ticket 1 (#1)")
    assert "> Well <i>done</i>\n" in letter["text"]
    assert "Well &lt;i&gt;done&lt;/i&gt;" in letter["html"]


async def test_the_list_goes_on_by_cursor_and_is_filtered_by_status(
    office: PostOffice, admin: httpx.AsyncClient
) -> None:
    found: list[Any] = []
    cursor: dict[str, str] = {}
    for _ in range(3):
        page = (await admin.get(OUTBOX, params={"limit": 1, **cursor})).json()
        found += page["messages"]
        cursor = {"cursor": page["nextCursor"]}
    assert cursor == {"cursor": None}
    assert found == (await admin.get(OUTBOX, params={"status": "skipped"})).json()["messages"]
    assert len(found) == 3
    assert (await admin.get(OUTBOX, params={"status": "delivered"})).json()["messages"] == []


async def test_one_message_or_all_that_were_lost_are_sent_once_more(
    office: PostOffice, admin: httpx.AsyncClient, box: Mailbox
) -> None:
    office.providers.append(Smtp(box.url, "desk@example.com"))
    message_id = (await admin.get(OUTBOX)).json()["messages"][0]["id"]
    replayed = await admin.post(f"{OUTBOX}/{message_id}/replay")
    assert (replayed.status_code, replayed.json()["status"], replayed.json()["reason"]) == (202, "pending", None)
    await office.send()
    assert box.recipients == ["agent@example.com"]
    [tried] = (await admin.get(f"{OUTBOX}/{message_id}")).json()["tried"]
    assert (tried["provider"], tried["statusCode"], tried["answer"]) == ("smtp", 250, "taken")
    assert (await admin.post(f"{OUTBOX}/replay")).json() == {"replayed": 2}
    await office.send()
    assert sorted(box.recipients) == ["agent@example.com", "agent@example.com", "requester@example.com"]
    assert (await admin.post(f"{OUTBOX}/replay")).json() == {"replayed": 0}


async def test_what_there_is_nothing_to_tell_of_any_more_has_no_words(
    office: PostOffice, admin: httpx.AsyncClient
) -> None:
    await office.execute("update tickets set deleted_at = now()")
    message_id = (await admin.get(OUTBOX)).json()["messages"][0]["id"]
    assert (await admin.get(f"{OUTBOX}/{message_id}")).json()["letter"] is None


async def test_what_webhooks_are_sent_is_not_among_it(office: PostOffice, admin: httpx.AsyncClient) -> None:
    await office.add_webhook("http://127.0.0.1:1/hook")
    await office.record()
    await office.planner.sweep()
    [(delivery_id,)] = await office.rows("select id from deliveries where channel = 'webhook'")
    assert len((await admin.get(OUTBOX)).json()["messages"]) == 3
    assert (await admin.get(f"{OUTBOX}/{delivery_id}")).status_code == 404
    assert (await admin.post(f"{OUTBOX}/{delivery_id}/replay")).status_code == 404


async def test_what_people_are_told_is_not_among_what_webhooks_are_sent(
    office: PostOffice, admin: httpx.AsyncClient
) -> None:
    message_id = (await admin.get(OUTBOX)).json()["messages"][0]["id"]
    assert (await admin.get(f"/api/deliveries/{message_id}")).status_code == 404
    assert (await admin.post(f"/api/deliveries/{message_id}/replay")).status_code == 404


async def test_a_message_that_is_not_there_is_not_found(admin: httpx.AsyncClient) -> None:
    assert (await admin.get(f"{OUTBOX}/{uuid4()}")).status_code == 404
    assert (await admin.post(f"{OUTBOX}/{uuid4()}/replay")).status_code == 404
