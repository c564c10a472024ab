"""Webhooks that fail: they are left alone for a while, their deliveries given up in the end, and they are disabled."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from app.webhooks import deliveries
from tests.support.people import People
from tests.support.post_office import PostOffice
from tests.support.receiver import Receiver, Reply
from tests.support.waiting import until
from tests.support.workbench import Workbench


@pytest.fixture
def office(bench: Workbench, people: People) -> PostOffice:
    return PostOffice(bench.engine, people.admin)


@pytest.mark.parametrize("form", ["seconds", "date"])
async def test_a_receiver_that_asks_for_time_is_left_alone_for_so_long(
    office: PostOffice, receiver: Receiver, form: str
) -> None:
    in_ten_minutes = datetime.now(UTC) + timedelta(minutes=10)
    after = "600" if form == "seconds" else format_datetime(in_ten_minutes, usegmt=True)
    receiver.replies["/busy"] = Reply(429, headers={"retry-after": after})
    webhook_id = await office.add_webhook(receiver.url + "/busy")
    await office.record()
    await office.deliver()
    await office.record()
    await office.deliver()
    assert len(receiver.requests) == 1
    [delivery] = await office.rows("select next_at - now() as delay from deliveries where attempts = 1")
    assert timedelta(minutes=9) < delivery.delay <= timedelta(minutes=10)
    assert (await office.webhook(webhook_id)).rests_until > datetime.now(UTC) + timedelta(minutes=9)


async def test_a_webhook_that_fails_is_asked_one_by_one_and_rests_in_between(
    office: PostOffice, receiver: Receiver
) -> None:
    receiver.replies["/hook"] = Reply(503)
    webhook_id = await office.add_webhook(receiver.url + "/hook")
    await office.execute("update webhooks set failing_since = now() - interval '1 hour'")
    await office.record(count=30)
    await office.deliver()
    assert len(receiver.requests) == 1
    assert (await office.webhook(webhook_id)).rests_until > datetime.now(UTC)
    receiver.replies["/hook"] = Reply()
    await office.make_due()
    await office.deliver()
    assert await office.statuses() == {"delivered": 30}


async def test_after_three_days_a_delivery_is_given_up(office: PostOffice, receiver: Receiver) -> None:
    receiver.replies["/hook"] = Reply(500)
    await office.add_webhook(receiver.url + "/hook")
    await office.record()
    await office.planner.sweep()
    await office.execute("update deliveries set given_up_at = now(), failures = 30")
    await office.deliver()
    [delivery] = await office.rows("select status, ended_at is not null as ended from deliveries")
    assert delivery == ("failed", True)


async def test_a_webhook_that_is_gone_is_disabled_and_what_waited_is_skipped(
    office: PostOffice, receiver: Receiver
) -> None:
    receiver.replies["/hook"] = Reply(410)
    webhook_id = await office.add_webhook(receiver.url + "/hook")
    await office.execute("update webhooks set failing_since = now()")
    await office.record(count=3)
    await office.deliver()
    webhook = await office.webhook(webhook_id)
    assert (webhook.disabled_reason, webhook.failing_since) == ("gone", None)
    [audited] = await office.rows("select subject_id, reason from audit_log where action = 'webhook.disabled'")
    assert audited == (webhook_id, "gone")
    async with office.engine.begin() as connection:
        assert await deliveries.skip_ended(connection, 10) == 2
        assert await deliveries.skip_ended(connection, 10) == 0
    assert await office.statuses() == {"failed": 1, "skipped": 2}
    await office.record()
    await office.deliver()
    assert len(receiver.requests) == 1


async def test_one_that_was_given_another_url_meanwhile_is_not_disabled_for_the_old_one(
    office: PostOffice, receiver: Receiver
) -> None:
    receiver.replies["/old"] = Reply(410, hangs=True)
    webhook_id = await office.add_webhook(receiver.url + "/old")
    await office.record()
    await office.planner.sweep()
    lane = asyncio.create_task(office.senders.run(webhook_id))
    await until(lambda: receiver.requests)
    await office.execute("update webhooks set url = :url", url=receiver.url + "/new")
    receiver.released.set()
    await lane
    assert (await office.webhook(webhook_id)).disabled_at is None


async def test_a_webhook_that_fails_for_three_days_is_disabled(office: PostOffice, receiver: Receiver) -> None:
    receiver.replies["/hook"] = Reply(500)
    webhook_id = await office.add_webhook(receiver.url + "/hook")
    await office.execute("update webhooks set failing_since = now() - interval '73 hours'")
    await office.record()
    await office.deliver()
    assert (await office.webhook(webhook_id)).disabled_reason == "failing"
