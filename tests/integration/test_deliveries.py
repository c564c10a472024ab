"""How events come to webhooks: planned once, signed, tried again, given up; a lane a webhook."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.deliveries import store as sent
from app.webhooks import deliveries, signing
from tests.support.people import People
from tests.support.post_office import PostOffice
from tests.support.receiver import Receiver, Reply
from tests.support.waiting import until
from tests.support.workbench import Workbench
from worker.webhooks import AT_ONCE


@pytest.fixture
def office(bench: Workbench, people: People) -> PostOffice:
    return PostOffice(bench.engine, people.admin)


async def test_an_event_comes_signed_to_those_who_want_it_and_to_nobody_else(
    office: PostOffice, receiver: Receiver
) -> None:
    secret = signing.new_secret()
    await office.add_webhook(receiver.url + "/both?key=1", "ticket.created", "ticket.deleted", secret=secret)
    await office.add_webhook(receiver.url + "/other", "job.failed")
    for name in ("ticket.created", "ticket.deleted", "ticket.updated"):
        await office.record(name, number=7)
    await office.deliver()
    assert sorted(request.event["type"] for request in receiver.at("/both")) == ["ticket.created", "ticket.deleted"]
    assert receiver.at("/other") == []
    for request in receiver.requests:
        request.verify(secret)
        assert request.event["data"] == {"number": 7, "actorId": None}
        assert request.headers["host"] == receiver.url.removeprefix("http://")
        assert datetime.fromisoformat(request.event["timestamp"]) < datetime.now(UTC)
    assert await office.statuses() == {"delivered": 2}


async def test_many_planners_plan_each_event_once(office: PostOffice, receiver: Receiver) -> None:
    await office.add_webhook(receiver.url)
    await office.record(count=50)
    await asyncio.gather(*(office.planner.sweep() for _ in range(5)))
    assert await office.statuses() == {"pending": 50}
    await office.planner.sweep()
    assert await office.statuses() == {"pending": 50}


async def test_a_call_plans_at_once_and_wakes_the_lanes(office: PostOffice, receiver: Receiver) -> None:
    webhook_id = await office.add_webhook(receiver.url)
    await office.record(count=3)
    office.planner.called.set()
    await office.planner.answer()
    assert office.wake_ups.woken == {webhook_id: 1}
    office.planner.called.set()
    await office.planner.answer()
    assert office.wake_ups.woken == {webhook_id: 1}


async def test_the_sweeper_wakes_what_nobody_was_woken_for(office: PostOffice, receiver: Receiver) -> None:
    webhook_id = await office.add_webhook(receiver.url)
    await office.record()
    office.wake_ups.queued[webhook_id] = 1
    await office.planner.sweep()
    assert not office.wake_ups.woken
    del office.wake_ups.queued[webhook_id]
    await office.planner.sweep()
    assert office.wake_ups.woken == {webhook_id: 1}
    await office.deliver()
    office.wake_ups.woken.clear()
    await office.planner.sweep()
    assert not office.wake_ups.woken


async def test_one_lane_at_a_time_is_with_a_webhook_and_the_sweeper_sees_it(
    office: PostOffice, receiver: Receiver
) -> None:
    receiver.replies["/hangs"] = Reply(hangs=True)
    webhook_id = await office.add_webhook(receiver.url + "/hangs")
    await office.record()
    await office.planner.sweep()
    office.wake_ups.woken.clear()
    lane = asyncio.create_task(office.senders.run(webhook_id))
    await until(lambda: receiver.requests)
    await office.record()
    await office.planner.sweep()
    assert not office.wake_ups.woken
    await office.senders.run(webhook_id)  # another lane, which has nothing to do here
    assert len(receiver.requests) == 1
    receiver.released.set()
    await lane
    assert await office.statuses() == {"delivered": 2}


async def test_a_webhook_that_hangs_holds_up_nobody_else(office: PostOffice, receiver: Receiver) -> None:
    receiver.replies["/hangs"] = Reply(hangs=True)
    hanging = await office.add_webhook(receiver.url + "/hangs")
    well = await office.add_webhook(receiver.url + "/well")
    await office.record(count=3 * AT_ONCE)
    await office.planner.sweep()
    lane = asyncio.create_task(office.senders.run(hanging))
    await until(lambda: receiver.at("/hangs"))
    await office.senders.run(well)
    assert len(receiver.at("/well")) == 3 * AT_ONCE
    assert not lane.done()
    receiver.released.set()
    await lane


async def test_some_are_sent_at_once_and_no_more(office: PostOffice, receiver: Receiver) -> None:
    receiver.replies["/hangs"] = Reply(hangs=True)
    webhook_id = await office.add_webhook(receiver.url + "/hangs")
    await office.record(count=50)
    await office.planner.sweep()
    lane = asyncio.create_task(office.senders.run(webhook_id))
    await until(lambda: receiver.at_once["/hangs"] == AT_ONCE)
    receiver.released.set()
    await lane

    async def are_delivered() -> bool:
        await office.send()  # what is left where its time was over before it was through
        return await office.statuses() == {"delivered": 50}

    await until(are_delivered)
    assert receiver.most_at_once["/hangs"] == AT_ONCE


@pytest.mark.parametrize(
    ("reply", "status_code", "error"),
    [
        (Reply(500, b"oops"), 500, None),
        (Reply(404), 404, None),
        (Reply(302, headers={"location": "http://127.0.0.1:1/elsewhere"}), 302, None),
        (Reply(307, headers={"location": "/elsewhere"}), 307, None),
        (Reply(hangs=True), None, "Not answered in time"),
    ],
    ids=["500", "404", "a redirect", "a redirect to itself", "no answer"],
)
async def test_what_is_not_answered_with_success_is_tried_again_with_the_same_id(
    bench: Workbench, people: People, receiver: Receiver, reply: Reply, status_code: int | None, error: str | None
) -> None:
    office = PostOffice(bench.engine, people.admin, seconds=0.3)
    receiver.replies["/hook"] = reply
    webhook_id = await office.add_webhook(receiver.url + "/hook")
    await office.record()
    await office.deliver()
    [delivery] = await office.rows("select status, attempts, failures, next_at > created_at as later from deliveries")
    assert delivery == ("pending", 1, 1, True)
    [attempt] = await office.rows("select status_code, error, answer from delivery_attempts")
    assert (attempt.status_code, attempt.error) == (status_code, error)
    assert (await office.webhook(webhook_id)).failing_since
    receiver.replies["/hook"] = Reply(204, b"")
    await office.make_due()
    await office.deliver()
    assert await office.statuses() == {"delivered": 1}
    assert len({request.id for request in receiver.requests}) == 1
    assert [request.path for request in receiver.requests] == ["/hook"] * 2
    assert not (await office.webhook(webhook_id)).failing_since


async def test_a_receiver_that_is_not_there_is_tried_again(office: PostOffice) -> None:
    await office.add_webhook("http://127.0.0.1:1/")
    await office.record()
    await office.deliver()
    [attempt] = await office.rows("select status_code, error from delivery_attempts")
    assert attempt.status_code is None
    assert attempt.error.startswith("ConnectError")


async def test_where_a_name_leads_is_looked_at_when_it_is_sent_to(
    bench: Workbench, people: People, receiver: Receiver
) -> None:
    office = PostOffice(bench.engine, people.admin, is_development=False)
    await office.add_webhook(receiver.url.replace("http://127.0.0.1", "https://localhost"))
    await office.record()
    await office.deliver()
    [attempt] = await office.rows("select error from delivery_attempts")
    assert "is not a public address" in attempt.error
    assert receiver.requests == []


async def test_a_long_answer_is_read_in_part_and_kept_in_part(office: PostOffice, receiver: Receiver) -> None:
    receiver.replies["/hook"] = Reply(200, "ü\0".encode() * 1_000_000)
    await office.add_webhook(receiver.url + "/hook")
    await office.record()
    await office.deliver()
    [attempt] = await office.rows("select status_code, answer from delivery_attempts")
    assert (attempt.status_code, attempt.answer) == (200, "ü\N{REPLACEMENT CHARACTER}" * 1024)


async def test_what_a_deleted_webhook_was_to_get_is_skipped(office: PostOffice, receiver: Receiver) -> None:
    await office.add_webhook(receiver.url)
    await office.record(count=2)
    await office.planner.sweep()
    await office.execute("delete from webhooks")
    async with office.engine.begin() as connection:
        assert await deliveries.skip_ended(connection, 10) == 2


async def test_one_that_is_being_sent_is_replayed_by_that(office: PostOffice, receiver: Receiver) -> None:
    receiver.replies["/hangs"] = Reply(hangs=True)
    webhook_id = await office.add_webhook(receiver.url + "/hangs")
    await office.record()
    await office.planner.sweep()
    lane = asyncio.create_task(office.senders.run(webhook_id))
    await until(lambda: receiver.requests)
    async with office.engine.begin() as connection:
        await connection.execute(text("set local lock_timeout = '1s'"))
        await sent.replay(connection, (await office.rows("select id from deliveries"))[0].id)
    receiver.released.set()
    await lane
    assert await office.statuses() == {"delivered": 1}


async def test_a_lane_for_a_webhook_that_is_not_there_ends(office: PostOffice) -> None:
    await office.senders.run(uuid4())


async def test_a_lane_that_is_to_stop_leaves_the_rest_to_the_next(office: PostOffice, receiver: Receiver) -> None:
    webhook_id = await office.add_webhook(receiver.url)
    await office.record(count=50)
    await office.planner.sweep()
    office.wake_ups.woken.clear()
    office.stop.set()
    await office.senders.run(webhook_id)
    assert len(receiver.requests) == AT_ONCE
    assert office.wake_ups.woken == {webhook_id: 1}


async def test_the_end_of_a_job_brings_its_items_where_a_webhook_wants_them(
    office: PostOffice, receiver: Receiver, bench: Workbench
) -> None:
    await office.add_webhook(receiver.url + "/items", "job.completed", items=True)
    await office.add_webhook(receiver.url + "/end", "job.completed")
    ids = await bench.tickets(2_345)
    job = await bench.submit(ids)
    await bench.lanes().run(job.id)
    await office.deliver()
    [end] = receiver.at("/end")
    assert (end.event["data"]["jobId"], end.event["data"]["succeeded"]) == (str(job.id), 2_345)
    pages = [request.event for request in receiver.at("/items") if request.event["type"] == "job.items"]
    pages.sort(key=lambda event: event["data"]["page"])
    assert [len(page["data"]["items"]) for page in pages] == [1000, 1000, 345]
    items = [item for page in pages for item in page["data"]["items"]]
    assert [item["position"] for item in items] == list(range(2_345))
    assert [item["ticketId"] for item in items] == list(map(str, ids))
    assert {(item["result"], item["code"]) for item in items} == {("succeeded", "deleted")}
    assert len(receiver.at("/items")) == 4
