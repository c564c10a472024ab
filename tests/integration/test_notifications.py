"""How people are told by e-mail of what concerns them: once, in words, and of nothing that they did themselves."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.accounts.models import User
from app.comments.service import Comments
from app.deliveries import store as sent
from app.notifications import channels
from app.notifications.models import Preferences
from app.notifications.smtp import Smtp
from app.notifications.topics import REASONS, TOPICS
from app.tickets.service import Tickets
from tests.support.fakes import RecordedTicketAnnouncer
from tests.support.mailbox import Mailbox, mailbox
from tests.support.people import People
from tests.support.post_office import PostOffice
from tests.support.waiting import until
from tests.support.workbench import Workbench

PREFERENCES = "/api/me/notifications"
NAMES = ("assigned", "commented", "breached", "answered", "solved", "jobEnded")
AT_FIRST = {name: ["email"] for name in NAMES}
SENDER = "Help desk <desk@example.com>"


@pytest.fixture
async def box() -> AsyncIterator[Mailbox]:
    async with mailbox() as opened:
        yield opened


@pytest.fixture
def office(bench: Workbench, people: People, box: Mailbox) -> PostOffice:
    office = PostOffice(bench.engine, people.admin)
    office.providers.append(Smtp(box.url, SENDER))
    return office


@pytest.fixture
def tickets(bench: Workbench) -> Tickets:
    return Tickets(bench.pools, RecordedTicketAnnouncer(), bench.outbox)


@pytest.fixture
def comments(bench: Workbench) -> Comments:
    return Comments(bench.pools, RecordedTicketAnnouncer(), bench.outbox)


@pytest.fixture
async def ticket_id(bench: Workbench, people: People) -> UUID:
    """A ticket of the requester, with the agent."""
    [added] = await bench.tickets(1)
    await bench.execute("update tickets set assignee_id = :agent where id = :id", agent=people.agent.id, id=added)
    return added


def parts(message: Any) -> tuple[str, str]:
    text, html = message.iter_parts()
    return text.get_content().replace("\r\n", "\n"), html.get_content()


async def assign(tickets: Tickets, by: User, ticket_id: UUID, to: User) -> None:
    await tickets.change(by, ticket_id, {"assignee_id": to.id}, None)


async def test_an_assignee_is_told_of_a_ticket_in_text_and_in_html(
    office: PostOffice, tickets: Tickets, box: Mailbox, people: People, ticket_id: UUID
) -> None:
    await assign(tickets, people.admin, ticket_id, people.other_admin)
    await office.deliver()
    [message] = box.messages
    assert (message["From"], message["To"]) == (SENDER, "other_admin@example.com")
    assert message["Subject"] == "Ticket 1 (#1)"
    assert message["Auto-Submitted"] == "auto-generated"
    link = f"https://desk.example.com/tickets/{ticket_id}"
    text, html = parts(message)
    assert text.startswith("admin has assigned this ticket to you.\n\n")
    assert f"\nOpen the ticket: {link}\n" in text
    assert f'href="{link}"' in html
    assert "admin has assigned this ticket to you." in html
    assert await office.statuses() == {"delivered": 1}
    await office.deliver()
    assert len(box.messages) == 1


async def test_a_comment_reaches_requester_and_assignee_but_not_its_author(
    office: PostOffice, comments: Comments, box: Mailbox, people: People, ticket_id: UUID
) -> None:
    await comments.create(people.agent, ticket_id, "Done <b>so</b>.\nThank you", internal=False)
    await office.deliver()
    [answer] = box.messages
    assert answer["To"] == "requester@example.com"
    text, html = parts(answer)
    assert "agent has answered.\n\n> Done <b>so</b>.\n> Thank you\n" in text
    assert "Done &lt;b&gt;so&lt;/b&gt;." in html
    await comments.create(people.requester, ticket_id, "Thanks", internal=False)
    await comments.create(people.admin, ticket_id, "Bye", internal=False)
    await office.deliver()
    assert sorted(box.recipients) == [
        *["agent@example.com"] * 2,
        *["requester@example.com"] * 2,
    ]


async def test_an_internal_comment_reaches_staff_alone_and_without_its_text(
    office: PostOffice, comments: Comments, box: Mailbox, people: People, ticket_id: UUID
) -> None:
    await comments.create(people.admin, ticket_id, "They are furious", internal=True)
    await office.deliver()
    [message] = box.messages
    assert message["To"] == "agent@example.com"
    assert "admin has written an internal comment on this ticket." in parts(message)[0]
    assert "furious" not in message.as_string()


async def test_an_assignee_who_is_no_staff_any_more_is_told_of_nothing(
    office: PostOffice, comments: Comments, box: Mailbox, bench: Workbench, people: People, ticket_id: UUID
) -> None:
    await comments.create(people.admin, ticket_id, "They are furious", internal=True)
    await bench.execute("update users set role = 'requester' where username = 'agent'")
    await office.deliver()
    assert box.messages == []
    assert await reasons(office) == ["nothing_to_tell"]


async def test_a_requester_is_told_once_that_a_ticket_is_solved(
    office: PostOffice, tickets: Tickets, box: Mailbox, people: People, ticket_id: UUID
) -> None:
    for status in ("in_progress", "resolved", "closed"):
        await tickets.change(people.agent, ticket_id, {"status": status}, None)
    await office.deliver()
    [message] = box.messages
    assert message["To"] == "requester@example.com"
    assert "agent has solved your ticket." in parts(message)[0]


async def test_an_assignee_is_told_of_a_deadline_that_has_passed(
    office: PostOffice, box: Mailbox, ticket_id: UUID
) -> None:
    await office.record("ticket.breached", ticket={"id": str(ticket_id), "number": 1})
    await office.deliver()
    [message] = box.messages
    assert message["To"] == "agent@example.com"
    assert "The deadline of this ticket has passed." in parts(message)[0]


async def test_whoever_started_a_bulk_job_is_told_once_of_its_end(
    office: PostOffice, box: Mailbox, bench: Workbench
) -> None:
    job = await bench.submit(await bench.tickets(50))
    await bench.lanes().run(job.id)
    await office.deliver()
    [message] = box.messages
    assert message["To"] == "admin@example.com"
    assert message["Subject"] == "bulk-delete completed: 50 succeeded, 0 failed"
    assert f"https://desk.example.com/jobs/{job.id}" in parts(message)[0]


async def test_whoever_cancels_their_own_job_is_not_told_of_it(
    office: PostOffice, box: Mailbox, bench: Workbench
) -> None:
    await bench.cancel((await bench.submit(await bench.tickets(5))).id)
    await office.deliver()
    assert box.messages == []


async def test_a_title_of_several_lines_begins_no_other_header(
    office: PostOffice, comments: Comments, bench: Workbench, box: Mailbox, people: People, ticket_id: UUID
) -> None:
    await bench.execute("update tickets set title = :title", title="Hello\r\nBcc: all@example.com\n\nÜber")
    await comments.create(people.admin, ticket_id, "Well", internal=True)
    await office.deliver()
    [message] = box.messages
    assert message["Subject"] == "Hello Bcc: all@example.com Über (#1)"
    assert message["Bcc"] is None
    assert box.recipients == ["agent@example.com"]


@pytest.mark.parametrize("email", ["a,b@example.com", "a@b c", "a@b@c", "<x>@example.com", "(@x", "ü@example.com"])
async def test_an_address_that_is_none_fails_and_holds_up_nobody(
    office: PostOffice, comments: Comments, bench: Workbench, box: Mailbox, people: People, ticket_id: UUID, email: str
) -> None:
    await bench.execute("update users set email = :email where username = 'agent'", email=email)
    await comments.create(people.admin, ticket_id, "Well", internal=False)
    await office.deliver()
    assert box.recipients == ["requester@example.com"]
    assert await office.statuses() == {"delivered": 1, "failed": 1}


async def test_without_a_provider_it_is_skipped_and_can_be_sent_later(
    office: PostOffice, comments: Comments, box: Mailbox, people: People, ticket_id: UUID
) -> None:
    [smtp] = office.providers
    office.providers.clear()
    await comments.create(people.admin, ticket_id, "Well", internal=True)
    await office.deliver()
    assert await reasons(office) == ["not_configured"]
    assert await office.rows("select * from delivery_attempts") == []
    office.providers.append(smtp)
    async with office.engine.begin() as connection:
        await sent.replay(connection, (await office.rows("select id from deliveries"))[0].id)
    await office.send()
    assert len(box.messages) == 1
    assert await office.statuses() == {"delivered": 1}


async def test_people_who_are_shut_out_are_told_nothing(
    office: PostOffice, comments: Comments, box: Mailbox, bench: Workbench, people: People, ticket_id: UUID
) -> None:
    await comments.create(people.admin, ticket_id, "Well", internal=False)
    await office.planner.sweep()
    await bench.execute("update users set active = false where role <> 'admin'")
    await office.send()
    await comments.create(people.admin, ticket_id, "Well", internal=False)
    await office.deliver()
    assert box.messages == []
    assert await reasons(office) == ["inactive", "inactive"]


async def test_nothing_is_told_of_a_ticket_that_is_deleted_meanwhile(
    office: PostOffice, comments: Comments, box: Mailbox, bench: Workbench, people: People, ticket_id: UUID
) -> None:
    await comments.create(people.admin, ticket_id, "Well", internal=True)
    await office.planner.sweep()
    await bench.execute("update tickets set deleted_at = now()")
    await office.send()
    assert await reasons(office) == ["nothing_to_tell"]


async def test_a_server_that_is_busy_is_asked_again_with_the_same_id(
    office: PostOffice, comments: Comments, box: Mailbox, people: People, ticket_id: UUID
) -> None:
    box.at_data = "451 not now, agent@example.com"
    await comments.create(people.admin, ticket_id, "Well", internal=True)
    await office.deliver()
    [delivery] = await office.rows("select id, status, attempts, failures, next_at > now() as later from deliveries")
    assert delivery[1:] == ("pending", 1, 1, True)
    [attempt] = await office.rows("select provider, status_code, error, answer from delivery_attempts")
    assert attempt == ("smtp", 451, None, "not now, the recipient")
    box.at_data = "250 taken"
    await office.make_due()
    await office.send()
    [message] = box.messages
    assert message["Message-ID"] == f"<{delivery.id}@example.com>"
    assert message["References"] == f"<{ticket_id}@example.com>"


async def test_an_address_that_the_server_does_not_know_is_given_up_at_once(
    office: PostOffice, comments: Comments, box: Mailbox, people: People, ticket_id: UUID
) -> None:
    box.at_recipient = "550 no such user"
    await comments.create(people.admin, ticket_id, "Well", internal=True)
    await office.deliver()
    assert await office.statuses() == {"failed": 1}


async def test_a_server_that_is_not_there_or_hangs_is_asked_again(
    bench: Workbench, comments: Comments, box: Mailbox, people: People, ticket_id: UUID
) -> None:
    office = PostOffice(bench.engine, people.admin, seconds=0.3)
    office.providers[:] = [Smtp("smtp://127.0.0.1:1", SENDER)]
    await comments.create(people.admin, ticket_id, "Well", internal=True)
    await office.deliver()
    box.hangs = True
    office.providers[:] = [Smtp(box.url, SENDER)]
    await office.make_due()
    await office.send()
    refused, late = [row.error for row in await office.rows("select error from delivery_attempts order by at")]
    assert refused.startswith("SMTPConnectError: ")
    assert late == "Not answered in time"
    assert await office.statuses() == {"pending": 1}


async def test_a_password_is_given_to_the_server(
    office: PostOffice, comments: Comments, box: Mailbox, people: People, ticket_id: UUID
) -> None:
    for password in ("wr%6Fng", "secret"):
        office.providers[:] = [Smtp(f"smtp://desk%40example.com:{password}@127.0.0.1:{box.port}", SENDER)]
        await comments.create(people.admin, ticket_id, "Well", internal=True)
        await office.deliver()
    assert set(box.logins) == {("desk@example.com", "wrong"), ("desk@example.com", "secret")}
    refused, *_ = await office.rows("select status_code, answer from delivery_attempts order by at")
    assert refused == (535, "5.7.8 Authentication credentials invalid")
    assert (await office.statuses())["delivered"] >= 1


async def test_many_planners_plan_each_message_once(
    office: PostOffice, comments: Comments, people: People, ticket_id: UUID
) -> None:
    for _ in range(20):
        await comments.create(people.admin, ticket_id, "Well", internal=False)
    await asyncio.gather(*(office.planner.sweep() for _ in range(5)))
    assert await office.statuses() == {"pending": 40}


async def test_one_lane_at_a_time_is_with_a_channel(
    office: PostOffice, comments: Comments, box: Mailbox, people: People, ticket_id: UUID
) -> None:
    box.hangs = True
    await comments.create(people.admin, ticket_id, "Well", internal=False)
    await office.planner.sweep()
    assert office.wake_ups.woken == dict.fromkeys(channels.LANES, 1)
    lane = asyncio.create_task(office.send())
    await until(lambda: box.at_work == 2)
    await office.send()
    assert box.at_work == 2
    box.released.set()
    await lane
    assert len(box.messages) == 2


async def test_people_are_told_of_what_they_have_chosen_alone(
    office: PostOffice,
    comments: Comments,
    box: Mailbox,
    agent: httpx.AsyncClient,
    people: People,
    ticket_id: UUID,
) -> None:
    assert (await agent.get(PREFERENCES)).json() == AT_FIRST
    answer = await agent.put(PREFERENCES, json={"commented": []})
    assert answer.json() == AT_FIRST | {"commented": []}
    assert (await agent.get(PREFERENCES)).json() == answer.json()
    await comments.create(people.admin, ticket_id, "Well", internal=False)
    await office.deliver()
    assert box.recipients == ["requester@example.com"]
    await agent.put(PREFERENCES, json={})
    await comments.create(people.admin, ticket_id, "Well", internal=True)
    await office.deliver()
    assert box.recipients == ["requester@example.com", "agent@example.com"]


@pytest.mark.parametrize("body", [{"commented": ["post"]}, {"solved": ["email"] * 2}, {"else": []}, {"solved": None}])
async def test_what_cannot_be_chosen_is_refused(requester: httpx.AsyncClient, body: dict[str, Any]) -> None:
    assert (await requester.put(PREFERENCES, json=body)).status_code == 400


def test_each_topic_can_be_chosen() -> None:
    assert set(Preferences.__struct_fields__) == set(TOPICS) == set(REASONS)


async def reasons(office: PostOffice) -> list[str]:
    rows = await office.rows("select reason from deliveries where status = 'skipped'")
    return [row.reason for row in rows]
