import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any
from uuid import uuid4

import engineio
import pytest
from arq.connections import ArqRedis
from socketio.exceptions import ConnectionError as ConnectionRefused
from sqlalchemy import text

from app.accounts import tokens
from app.accounts.models import User
from app.jobs.announcer import RedisAnnouncer
from app.jobs.models import Job
from app.pools import Pools
from app.settings import Settings
from tests.support import samples
from tests.support.channel import is_subscribed_to
from tests.support.fakes import RecordedAnnouncer
from tests.support.people import People
from tests.support.servers import FRONTEND_URL
from tests.support.waiting import until
from tests.support.watcher import Watcher, connecting
from tests.support.workbench import Workbench

Watch = Callable[[User], AbstractAsyncContextManager[Watcher]]


@pytest.fixture
def watch(base_url: str, settings: Settings) -> Watch:
    @contextlib.asynccontextmanager
    async def open_watcher(user: User) -> AsyncIterator[Watcher]:
        async with connecting(base_url, {"token": tokens.issue(user.id, settings.jwt_secret, 600)}) as watcher:
            yield watcher

    return open_watcher


@pytest.fixture
async def live(pools: Pools, settings: Settings, people: People, redis: ArqRedis) -> Workbench:
    """A bench whose events go out through Redis, as a worker's do."""
    return Workbench(pools, settings, people, announcer=RecordedAnnouncer(RedisAnnouncer(redis)))


async def submit_by(bench: Workbench, user: User) -> Job:
    ids = await bench.tickets(25)
    return await bench.submit(ids, user)


async def do(bench: Workbench, job: Job) -> None:
    await bench.lanes().run(job.id)


def expired(user: User, secret: str) -> str:
    return tokens.issue(user.id, secret, -1)


async def test_a_client_of_a_test_leaves_ctrl_c_alone(
    watch: Watch, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library's own handler, set by the first client of a process, cancels all tasks: tests that run them too."""
    monkeypatch.setattr(engineio.async_client, "async_signal_handler_set", False)
    async with watch(people.admin):
        assert not asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)


async def test_without_a_valid_token_nobody_connects(base_url: str, settings: Settings, bench: Workbench) -> None:
    admin = bench.people.admin
    good = tokens.issue(admin.id, settings.jwt_secret, 600)
    bad = {
        "none": None,
        "no token": {},
        "null": {"token": None},
        "garbage": {"token": "garbage"},
        "not a string": {"token": 1},
        "a list": [good],
        "other key": {"token": tokens.issue(admin.id, "x" * 32, 600)},
        "unknown user": {"token": tokens.issue(uuid4(), settings.jwt_secret, 600)},
        "expired": {"token": expired(admin, settings.jwt_secret)},
    }
    for auth in bad.values():
        with pytest.raises(ConnectionRefused, match="unauthorized"):
            async with connecting(base_url, auth):
                pass
    async with connecting(base_url, {"token": good}) as watcher:
        assert watcher.client.connected


async def test_a_deactivated_user_cannot_connect(watch: Watch, bench: Workbench) -> None:
    await bench.execute("update users set active = false where username = 'agent'")
    with pytest.raises(ConnectionRefused, match="unauthorized"):
        async with watch(bench.people.agent):
            pass


async def test_owner_and_admins_see_a_job_from_beginning_to_end(watch: Watch, live: Workbench) -> None:
    people = live.people
    async with watch(people.admin) as owner, watch(people.other_admin) as other, watch(people.agent) as agent:
        job = await submit_by(live, people.admin)
        await do(live, job)
        for watcher in (owner, other):
            await until(lambda: "jobs:completed" in watcher.names_of(job.id))  # noqa: B023 - awaited in the loop
            assert watcher.names_of(job.id)[0] == "jobs:created"
            seqs = [payload["seq"] for _, payload in watcher.received]
            assert seqs == sorted(set(seqs))
            last = watcher.received[-1][1]
            assert (last["progress"], last["processed"], last["unprocessed"]) == (100, 25, 0)
            assert last["succeeded"] + last["failed"] + last["unprocessed"] == last["total"] == 25
        assert not agent.received


async def test_one_is_told_an_event_once_even_from_several_rooms(watch: Watch, live: Workbench) -> None:
    admin = live.people.admin
    async with watch(admin) as watcher:
        job = await submit_by(live, admin)
        assert (await watcher.ask("join:user", str(admin.id)))["ok"]
        assert (await watcher.ask("job:subscribe", {"jobId": str(job.id)}))["ok"]
        await do(live, job)
        await until(lambda: "jobs:completed" in watcher.names_of(job.id))
        await watcher.ask("job:unsubscribe", {"jobId": str(job.id)})
        assert watcher.names_of(job.id).count("jobs:completed") == 1


async def test_joining_another_user_is_forbidden_and_nothing_of_theirs_arrives(watch: Watch, live: Workbench) -> None:
    people = live.people
    async with watch(people.agent) as agent, watch(people.admin) as admin:
        assert await agent.ask("join:user", str(people.admin.id)) == {"ok": False, "error": "forbidden"}
        assert await agent.ask("join:user", {"userId": str(people.admin.id)}) == {"ok": False, "error": "forbidden"}
        job = await submit_by(live, people.admin)
        await do(live, job)
        await until(lambda: "jobs:completed" in admin.names_of(job.id))
        assert await agent.ask("join:user", str(people.agent.id)) == {"ok": True, "jobs": []}
        assert not agent.received


async def test_an_admin_may_join_anyone(watch: Watch, live: Workbench) -> None:
    async with watch(live.people.admin) as watcher:
        assert (await watcher.ask("join:user", {"userId": str(live.people.agent.id)}))["ok"] is True


async def test_joining_tells_of_the_jobs_in_motion(watch: Watch, live: Workbench) -> None:
    admin = live.people.admin
    running, ended = await submit_by(live, admin), await submit_by(live, admin)
    await live.cancel(ended.id)
    async with watch(admin) as watcher:
        ack = await watcher.ask("join:user", str(admin.id))
    assert {job["jobId"]: job["status"] for job in ack["jobs"]} == {
        str(running.id): "queued",
        str(ended.id): "canceled",
    }


async def test_a_subscriber_is_told_where_the_job_stands_and_then_what_is_newer(watch: Watch, live: Workbench) -> None:
    agent = live.people.agent
    job = await submit_by(live, agent)
    slice_of_job = live.lanes(slice_seconds=0)
    await slice_of_job.run(job.id)
    async with watch(agent) as watcher:
        ack = await watcher.ask("job:subscribe", {"jobId": str(job.id)})
        assert (ack["ok"], ack["job"]["processed"], ack["job"]["seq"]) == (True, 10, 3)
        before = len(watcher.received)
        await do(live, job)
        await until(lambda: "jobs:completed" in watcher.names_of(job.id))
        assert all(payload["seq"] >= 3 for _, payload in watcher.received[before:])


async def test_a_job_one_may_not_see_is_as_one_that_does_not_exist(watch: Watch, live: Workbench) -> None:
    job = await submit_by(live, live.people.admin)
    async with watch(live.people.agent) as agent:
        hidden = await agent.ask("job:subscribe", {"jobId": str(job.id)})
        unknown = await agent.ask("job:subscribe", {"jobId": str(uuid4())})
        assert hidden == unknown == {"ok": False, "error": "not_found"}
        await do(live, job)
        await agent.ask("job:unsubscribe", {"jobId": str(job.id)})
        assert not agent.received


async def test_who_connects_is_told_how_the_jobs_of_its_rooms_stand(watch: Watch, live: Workbench) -> None:
    people = live.people
    ended, others = await submit_by(live, people.agent), await submit_by(live, people.other_admin)
    await live.cancel(ended.id)
    async with watch(people.admin) as witness:
        await until(lambda: jobs_of(witness) == {str(ended.id), str(others.id)})
        async with watch(people.agent) as owner, watch(people.other_admin) as admin, watch(people.requester) as other:
            for watcher in (owner, admin, other):
                assert not (await watcher.ask("no:such:event", None))["ok"]  # after which all of the welcome is there
            assert owner.received == [("jobs:canceled", payload_of(witness, ended))]
            assert sorted(name for name, _ in admin.received) == ["jobs:canceled", "jobs:created"]
            assert other.received == []
            await do(live, others)
            await until(lambda: "jobs:completed" in admin.names_of(others.id))
            assert admin.names_of(others.id).count("jobs:completed") == 1
            assert witness.names_of(ended.id).count("jobs:canceled") == 1


def jobs_of(watcher: Watcher) -> set[str]:
    return {payload["jobId"] for _, payload in watcher.received}


def payload_of(watcher: Watcher, job: Job) -> dict[str, Any]:
    return next(payload for _, payload in reversed(watcher.received) if payload["jobId"] == str(job.id))


async def test_who_was_told_an_end_at_connect_is_not_told_again(watch: Watch, live: Workbench) -> None:
    admin = live.people.admin
    job = await submit_by(live, admin)
    await live.cancel(job.id)
    async with watch(admin) as witness:
        await until(lambda: "jobs:canceled" in witness.names_of(job.id))
        async with watch(admin) as watcher:
            assert (await watcher.ask("join:user", str(admin.id)))["ok"]
            assert (await watcher.ask("job:subscribe", str(job.id)))["ok"]
            later = await submit_by(live, admin)
            await until(lambda: "jobs:created" in watcher.names_of(later.id))
            assert watcher.names_of(job.id) == ["jobs:canceled"]


async def test_asking_for_a_job_of_long_ago_tells_nobody_else(watch: Watch, live: Workbench) -> None:
    admin, job_id = live.people.admin, uuid4()
    await live.execute(
        "insert into jobs (id, type, requested_by, total, status, finished_at)"
        " values (:id, 'bulk-delete', :owner, 1, 'canceled', now() - interval '1 hour')",
        id=job_id,
        owner=admin.id,
    )
    async with watch(admin) as watcher, watch(admin) as curious:
        ack = await curious.ask("job:subscribe", str(job_id))
        assert ack["job"]["status"] == "canceled"
        later = await submit_by(live, admin)
        await until(lambda: "jobs:created" in watcher.names_of(later.id))
        assert watcher.names_of(job_id) == []


async def test_joining_the_admins_is_for_admins(watch: Watch, live: Workbench) -> None:
    job = await submit_by(live, live.people.agent)
    async with watch(live.people.admin) as admin, watch(live.people.agent) as agent:
        await until(lambda: str(job.id) in jobs_of(admin))
        ack = await admin.ask("join:admin", str(live.people.admin.id))
        assert (ack["ok"], [payload["jobId"] for payload in ack["jobs"]]) == (True, [str(job.id)])
        assert await agent.ask("join:admin", None) == {"ok": False, "error": "forbidden"}


@pytest.mark.parametrize("event", ["join:user", "job:subscribe", "job:unsubscribe"])
async def test_nonsense_is_refused_and_the_socket_lives_on(watch: Watch, bench: Workbench, event: str) -> None:
    async with watch(bench.people.agent) as watcher:
        nonsense: list[object] = [None, "", "nonsense", 1, [], {}, {"jobId": 1}, {"userId": None}, b"\x00", ["a", "b"]]
        for data in nonsense:
            assert await watcher.ask(event, data) == {"ok": False, "error": "invalid"}
        await watcher.client.emit(event)
        assert await watcher.ask("no:such:event", {"x": 1}) == {"ok": False, "error": "unknown_event"}
        assert (await watcher.ask("join:user", str(bench.people.agent.id)))["ok"]


@pytest.mark.parametrize(
    "change", ["update users set active = false", "update users set role = 'requester' where role = 'admin'"]
)
async def test_a_socket_is_closed_when_its_user_loses_rights(watch: Watch, bench: Workbench, change: str) -> None:
    async with watch(bench.people.admin) as watcher:
        await bench.execute(change)
        await until(lambda: not watcher.client.connected)


async def test_a_socket_is_closed_when_its_token_expires(base_url: str, settings: Settings, bench: Workbench) -> None:
    token = tokens.issue(bench.people.agent.id, settings.jwt_secret, 1)
    async with connecting(base_url, {"token": token}) as watcher:
        await until(lambda: not watcher.client.connected)


async def test_events_flow_again_after_redis_dropped_every_connection(
    watch: Watch, bench: Workbench, redis: ArqRedis
) -> None:
    async with watch(bench.people.admin) as watcher:
        await until(lambda: is_subscribed_to(redis))
        assert await redis.client_kill_filter(_type="pubsub", skipme=True)
        await until(lambda: is_subscribed_to(redis))
        # Postgres does not know this job, so the event can have come through Redis only.
        event = samples.event(7, requested_by=bench.people.admin.id)
        await RedisAnnouncer(redis).announce(event)
        await until(lambda: watcher.names_of(event.payload.job_id) == [event.name])


async def test_many_sockets_at_once(watch: Watch, live: Workbench) -> None:
    async with contextlib.AsyncExitStack() as stack:
        watchers = await asyncio.gather(*(stack.enter_async_context(watch(live.people.admin)) for _ in range(50)))
        job = await submit_by(live, live.people.admin)
        await do(live, job)
        await until(lambda: all("jobs:completed" in watcher.names_of(job.id) for watcher in watchers))


async def test_sockets_come_from_the_front_end_only(base_url: str, settings: Settings, bench: Workbench) -> None:
    auth = {"token": tokens.issue(bench.people.agent.id, settings.jwt_secret, 600)}
    async with connecting(base_url, auth, {"Origin": FRONTEND_URL}) as watcher:
        assert watcher.client.connected
    with pytest.raises(ConnectionRefused):
        async with connecting(base_url, auth, {"Origin": "https://evil.example"}):
            pass


async def test_a_socket_connects_as_soon_as_the_database_answers(watch: Watch, bench: Workbench) -> None:
    async with bench.engine.connect() as connection:
        await connection.execute(text("lock table users in access exclusive mode"))
        connecting = asyncio.create_task(_connect(watch, bench.people.agent))
        await until(lambda: is_waited_for(bench))
        assert not connecting.done()
        await connection.rollback()
        await connecting


async def test_a_socket_is_told_that_the_database_is_away(watch: Watch, bench: Workbench) -> None:
    async with bench.engine.connect() as connection:
        await connection.execute(text("lock table users in access exclusive mode"))
        connecting = asyncio.create_task(_connect(watch, bench.people.agent))
        await until(lambda: is_waited_for(bench))
        await bench.execute("select pg_terminate_backend(pid) from pg_locks where not granted")
        with pytest.raises(ConnectionRefused, match="unavailable"):
            await connecting


async def is_waited_for(bench: Workbench) -> bool:
    async with bench.engine.connect() as connection:
        return bool(await connection.scalar(text("select exists (select from pg_locks where not granted)")))


async def _connect(watch: Watch, user: User) -> None:
    async with watch(user) as watcher:
        assert watcher.client.connected
