"""How people are told by e-mail of what concerns them: once, in words, and of nothing that they did themselves."""

import re
from typing import Any
from uuid import UUID

import pytest
from arq.connections import ArqRedis

from app.accounts.limiter import LoginLimiter
from app.accounts.models import User
from app.approvals.service import Approvals
from app.audit.models import Origin
from app.comments.service import Comments
from app.deliveries import store as sent
from app.tickets.service import Tickets
from tests.support.fakes import RecordedTicketAnnouncer
from tests.support.mailbox import Mailbox
from tests.support.people import People
from tests.support.post_office import PostOffice
from tests.support.workbench import Workbench


@pytest.fixture
def tickets(bench: Workbench) -> Tickets:
    return Tickets(bench.pools, RecordedTicketAnnouncer(), bench.outbox)


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
    assert (message["From"], message["To"]) == ("Help desk <desk@example.com>", "other_admin@example.com")
    assert message["Subject"] == "Ticket 1 (#1)"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] == "<https://desk.example.com/account>"
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


async def ask(tickets: Tickets, by: User, of: User) -> UUID:
    fields = {"cable_type": "Cat6", "cable_gauge": "23AWG", "cable_length": "100 ft"}
    values = {"title": "Cable", "type": "cable", "fields": fields, "status": "pending_approval", "assignee_id": of.id}
    return (await tickets.create(by, values)).id


async def test_whoever_is_asked_to_approve_is_sent_two_links_once_and_the_requester_the_decision(
    office: PostOffice, tickets: Tickets, bench: Workbench, box: Mailbox, people: People, redis: ArqRedis
) -> None:
    asked = await ask(tickets, people.requester, people.agent)
    await office.deliver()
    [message] = box.messages
    assert message["To"] == "agent@example.com"
    text, html = parts(message)
    assert text.startswith("requester asks you to approve this request, or to reject it.\n\n")
    [(approve, token), (reject, other)] = re.findall(r": (https://desk.example.com/tickets/\S+/([\w-]{43}))\n", text)
    assert (approve, reject) == tuple(
        f"https://desk.example.com/tickets/{asked}/{verb}/{token}" for verb in ("approve", "reject")
    )
    assert token == other
    assert approve in html
    assert reject in html
    assert token not in str(await office.rows("select events.*, deliveries.* from events, deliveries"))
    approvals = Approvals(bench.pools, RecordedTicketAnnouncer(), bench.outbox, LoginLimiter(redis))
    await approvals.decide_by_link(asked, token, Origin(), "rejected", "None left")
    await office.deliver()
    [_, told] = box.messages
    assert told["To"] == "requester@example.com"
    assert "agent has rejected your request.\n\n> None left\n" in parts(told)[0]


async def test_nobody_is_asked_to_decide_what_is_decided_by_then(
    office: PostOffice, tickets: Tickets, box: Mailbox, people: People
) -> None:
    asked = await ask(tickets, people.requester, people.agent)
    await tickets.change(people.admin, asked, {"status": "approved"}, None)
    await office.deliver()
    [message] = box.messages
    assert "admin has approved your request." in parts(message)[0]
    assert await reasons(office) == ["nothing_to_tell"]


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


async def reasons(office: PostOffice) -> list[str]:
    rows = await office.rows("select reason from deliveries where status = 'skipped'")
    return [row.reason for row in rows]
