"""E-mail on its way: what servers say to it, and who may send it when."""

import asyncio
from uuid import UUID

import pytest

from app.comments.service import Comments
from app.notifications import channels
from app.notifications.smtp import Smtp
from tests.support.mailbox import Mailbox
from tests.support.people import People
from tests.support.post_office import PostOffice
from tests.support.waiting import until
from tests.support.workbench import Workbench

SENDER = "Help desk <desk@example.com>"


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


async def test_a_server_that_is_busy_is_asked_again_with_the_same_id(
    office: PostOffice, comments: Comments, box: Mailbox, people: People, ticket_id: UUID
) -> None:
    box.at_data = "451 not now, agent@example.com"
    await comments.create(people.admin, ticket_id, "Well", internal=True)
    await office.deliver()
    [delivery] = await office.rows(
        "select id, status, attempts, failures, next_at > created_at as later from deliveries"
    )
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


async def test_a_server_that_takes_nothing_without_a_password_is_asked_again(
    office: PostOffice, comments: Comments, box: Mailbox, people: People, ticket_id: UUID
) -> None:
    box.at_recipient = "554 5.7.1 <agent@example.com>: Relay access denied"
    await comments.create(people.admin, ticket_id, "Well", internal=True)
    await office.deliver()
    assert await office.statuses() == {"pending": 1}


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
    assert [channels.LANES[lane_id] for lane_id in office.wake_ups.woken] == ["email"]
    lane = asyncio.create_task(office.send())
    await until(lambda: box.at_work == 2)
    await office.send()
    assert box.at_work == 2
    box.released.set()
    await lane
    assert len(box.messages) == 2
