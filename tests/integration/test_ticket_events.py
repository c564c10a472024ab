"""What sockets are told of tickets: each event, who hears it, and what of it comes back by itself."""

import contextlib
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest
from arq.connections import ArqRedis
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from app import asgi
from app.accounts import tokens
from app.accounts.models import Person, User
from app.events import outbox
from app.jobs.announcer import RedisAnnouncer
from app.pools import Pools
from app.settings import Settings
from app.tickets import events
from tests.support.channel import is_subscribed_to
from tests.support.fakes import RecordedAnnouncer
from tests.support.people import People, add_tickets
from tests.support.serving import serving
from tests.support.waiting import until
from tests.support.watcher import Watcher, connecting
from tests.support.workbench import Workbench

Watch = Callable[[User], AbstractAsyncContextManager[Watcher]]
PRESENCE = {"tickets:viewers", "tickets:typing"}


@pytest.fixture
async def watch(base_url: str, settings: Settings, redis: ArqRedis) -> Watch:
    await until(lambda: is_subscribed_to(redis, events.CHANNEL))
    return watching(base_url, settings)


def watching(base_url: str, settings: Settings) -> Watch:
    @contextlib.asynccontextmanager
    async def open_watcher(user: User) -> AsyncIterator[Watcher]:
        async with connecting(base_url, {"token": tokens.issue(user.id, settings.jwt_secret, 600)}) as watcher:
            yield watcher

    return open_watcher


@pytest.fixture
async def ticket_id(engine: AsyncEngine, people: People) -> UUID:
    """A ticket of the requester's."""
    return (await add_tickets(engine, people.requester, 1))[0]


@pytest.fixture
async def live(pools: Pools, settings: Settings, people: People, redis: ArqRedis) -> Workbench:
    """A bench whose events go out through Redis, as a worker's do."""
    return Workbench(pools, settings, people, announcer=RecordedAnnouncer(RedisAnnouncer(redis)))


def names(watcher: Watcher) -> list[str]:
    return [name for name, _ in watcher.told if name not in PRESENCE]


def last(watcher: Watcher, name: str) -> dict[str, Any]:
    return next((payload for told, payload in reversed(watcher.told) if told == name), {})


def viewers(watcher: Watcher) -> list[str]:
    return [user["username"] for user in last(watcher, "tickets:viewers").get("users", [])]


async def open_ticket(watcher: Watcher, ticket_id: UUID) -> dict[str, Any]:
    ack: dict[str, Any] = await watcher.ask("ticket:subscribe", {"ticketId": str(ticket_id)})
    return ack


async def test_staff_and_its_requester_hear_all_that_becomes_of_a_ticket(
    watch: Watch, agent: httpx.AsyncClient, requester: httpx.AsyncClient, people: People
) -> None:
    async with (
        watch(people.admin) as admin,
        watch(people.requester) as owner,
        watch(people.other_requester) as other,
    ):
        ticket = (await requester.post("/api/tickets", json={"title": "Printer"})).json()
        path = f"/api/tickets/{ticket['id']}"
        changed = (await agent.patch(path, json={"status": "in_progress"})).json()
        comment = (await agent.post(f"{path}/comments", json={"body": "Is it on?"})).json()
        await agent.patch(f"{path}/comments/{comment['id']}", json={"body": "Is it plugged in?"})
        await agent.delete(f"{path}/comments/{comment['id']}")
        await agent.delete(path)
        await agent.post(f"{path}/restore")
        expected = ["created", "updated", "commented", "commented", "commented", "deleted", "updated"]
        for watcher in (admin, owner):
            await until(lambda: names(watcher) == [f"tickets:{name}" for name in expected])  # noqa: B023 - awaited here
        assert admin.told == owner.told
        payloads = [payload for _, payload in owner.told]
        assert payloads[1] == {
            "ticketId": ticket["id"],
            "number": ticket["number"],
            "version": 2,
            "at": changed["updatedAt"],
            "by": {"id": str(people.agent.id), "username": "agent"},
        }
        assert [payload["version"] for payload in payloads] == [1, 2, 2, 2, 2, 3, 4]
        assert [payload.get("comment") for payload in payloads[2:5]] == ["added", "edited", "removed"]
        assert {payload["commentId"] for payload in payloads[2:5]} == {comment["id"]}
        assert await other.ask("no:such:event", None)
        assert other.told == []


async def test_what_changes_nothing_is_not_told(
    watch: Watch, agent: httpx.AsyncClient, requester: httpx.AsyncClient, people: People, ticket_id: UUID
) -> None:
    path = f"/api/tickets/{ticket_id}"
    async with watch(people.admin) as admin:
        assert (await agent.patch(path, json={"title": "x"}, headers={"If-Match": '"9"'})).status_code == 412
        assert (await agent.post(f"{path}/restore")).status_code == 200
        assert (await requester.patch(path, json={"tags": []})).status_code == 403
        assert (await requester.post(f"{path}/comments", json={"body": "x", "internal": True})).status_code == 403
        comment = (await agent.post(f"{path}/comments", json={"body": "x"})).json()
        assert (await requester.delete(f"{path}/comments/{comment['id']}")).status_code == 403
        assert (await agent.patch(f"{path}/comments/{comment['id']}", json={"body": "x"})).status_code == 200
        await agent.patch(path, json={"title": "x"})
        await until(lambda: "tickets:updated" in names(admin))
        assert names(admin) == ["tickets:commented", "tickets:updated"]


async def test_a_requester_hears_nothing_of_internal_comments(
    watch: Watch, agent: httpx.AsyncClient, people: People, ticket_id: UUID
) -> None:
    path = f"/api/tickets/{ticket_id}/comments"
    async with watch(people.admin) as admin, watch(people.requester) as owner:
        assert (await open_ticket(owner, ticket_id))["ok"]
        note = (await agent.post(path, json={"body": "A note", "internal": True})).json()
        await agent.patch(f"{path}/{note['id']}", json={"body": "Another"})
        await agent.delete(f"{path}/{note['id']}")
        answer = (await agent.post(path, json={"body": "An answer"})).json()
        await until(lambda: len(admin.told) == 4)
        await until(lambda: names(owner))
        assert [payload["commentId"] for _, payload in owner.told] == [answer["id"]]


async def test_who_opens_a_ticket_is_told_how_it_is(watch: Watch, agent: httpx.AsyncClient, people: People) -> None:
    ticket = (await agent.post("/api/tickets", json={"title": "Printer"})).json()
    async with watch(people.admin) as admin:
        assert await open_ticket(admin, UUID(ticket["id"])) == {"ok": True, "ticket": ticket}
        assert await admin.ask("ticket:unsubscribe", ticket["id"]) == {"ok": True}


async def test_a_ticket_one_may_not_see_is_as_one_that_does_not_exist(
    watch: Watch, people: People, ticket_id: UUID
) -> None:
    async with watch(people.other_requester) as other:
        hidden, unknown = await open_ticket(other, ticket_id), await open_ticket(other, uuid4())
        assert hidden == unknown == {"ok": False, "error": "not_found"}


@pytest.mark.parametrize("event", ["ticket:subscribe", "ticket:unsubscribe", "ticket:typing"])
async def test_nonsense_is_refused(watch: Watch, people: People, event: str) -> None:
    async with watch(people.agent) as watcher:
        nonsense: list[object] = [None, "", "nonsense", 1, [], {}, {"ticketId": 1}, b"\x00"]
        for data in nonsense:
            assert await watcher.ask(event, data) == {"ok": False, "error": "invalid"}


async def test_who_has_a_ticket_open_hears_what_a_bulk_job_does_to_it(
    watch: Watch, live: Workbench, people: People
) -> None:
    mine, others = await live.tickets(2), await live.tickets(200)
    async with watch(people.requester) as owner, watch(people.agent) as agent:
        for watcher in (owner, agent):
            assert (await open_ticket(watcher, mine[0]))["ok"]
        job = await live.submit(mine + others, people.admin)
        await live.lanes().run(job.id)
        for watcher in (owner, agent):
            await until(lambda: "tickets:deleted" in names(watcher))  # noqa: B023 - awaited in the loop
            told = last(watcher, "tickets:deleted")
            assert (told["ticketId"], told["version"], told["by"]) == (str(mine[0]), 2, None)
            assert names(watcher).count("tickets:deleted") == 1
        await until(lambda: "tickets:changed" in names(agent))
        assert set(names(agent)) == {"tickets:deleted", "tickets:changed"}
        assert names(owner) == ["tickets:deleted"]


async def test_lists_are_told_of_contacts_that_were_merged(
    watch: Watch, agent: httpx.AsyncClient, bench: Workbench, people: People
) -> None:
    merged, survivor = [
        (await agent.post("/api/contacts", json={"name": name})).json()["id"] for name in ("Ada", "Lovelace")
    ]
    await bench.tickets(2)
    await bench.execute("update tickets set contact_id = :id", id=merged)
    async with watch(people.agent) as watcher, watch(people.requester) as owner:
        answer = await agent.post(f"/api/contacts/{merged}/merge", json={"into": survivor})
        assert answer.status_code == 200, answer.text
        await until(lambda: names(watcher) == ["tickets:changed"])
        assert await owner.ask("no:such:event", None)
        assert owner.told == []


async def test_lists_are_told_of_bulk_jobs_once_a_second_at_most(watch: Watch, live: Workbench, people: People) -> None:
    async with watch(people.agent) as agent, watch(people.requester) as requester:
        for _ in range(3):
            job = await live.submit(await live.tickets(50), people.admin)
            await live.lanes().run(job.id)
        await until(lambda: names(agent))
        before = len(names(agent))
        again = await live.submit(await live.tickets(1), people.admin)
        await live.lanes().run(again.id)
        await until(lambda: len(names(agent)) > before)
        assert {(name, *payload) for name, payload in agent.told} == {("tickets:changed", "at")}
        times = [datetime.fromisoformat(payload["at"]).timestamp() for _, payload in agent.told]
        assert all(later - earlier > 0.99 for earlier, later in itertools.pairwise(times))
        assert await requester.ask("no:such:event", None)
        assert requester.told == []


async def test_what_redis_lost_of_an_open_ticket_comes_from_postgres(
    watch: Watch, live: Workbench, people: People, ticket_id: UUID
) -> None:
    lost = "update tickets set version = version + 1 where id = :id"
    async with watch(people.requester) as owner, watch(people.agent) as agent:
        for watcher in (owner, agent):
            await open_ticket(watcher, ticket_id)
        await live.execute(lost, id=ticket_id)
        for watcher in (owner, agent):
            await until(lambda: last(watcher, "tickets:updated").get("version") == 2)  # noqa: B023 - awaited in the loop
        await owner.ask("ticket:unsubscribe", str(ticket_id))
        await live.execute(lost, id=ticket_id)
        await until(lambda: last(agent, "tickets:updated")["version"] == 3)
        assert names(owner) == ["tickets:updated"]


async def test_a_comment_hides_nothing_of_what_redis_lost(
    watch: Watch, agent: httpx.AsyncClient, live: Workbench, people: People, ticket_id: UUID
) -> None:
    async with watch(people.requester) as owner:
        await open_ticket(owner, ticket_id)
        await live.execute("update tickets set version = version + 1 where id = :id", id=ticket_id)
        await agent.post(f"/api/tickets/{ticket_id}/comments", json={"body": "Done"})
        await until(lambda: sorted(names(owner)) == ["tickets:commented", "tickets:updated"])


async def test_events_flow_again_after_redis_dropped_every_connection(
    watch: Watch, agent: httpx.AsyncClient, people: People, redis: ArqRedis
) -> None:
    async with watch(people.admin) as admin:
        assert await redis.client_kill_filter(_type="pubsub", skipme=True)
        await until(lambda: is_subscribed_to(redis, events.CHANNEL))
        await agent.post("/api/tickets", json={"title": "Printer"})
        await until(lambda: names(admin) == ["tickets:created"])


async def test_staff_see_who_has_a_ticket_open_and_requesters_do_not(
    watch: Watch, people: People, ticket_id: UUID
) -> None:
    async with watch(people.agent) as agent, watch(people.requester) as owner:
        await open_ticket(owner, ticket_id)
        await open_ticket(agent, ticket_id)
        await until(lambda: viewers(agent) == ["agent"])
        async with watch(people.admin) as admin:
            await open_ticket(admin, ticket_id)
            for watcher in (agent, admin):
                await until(lambda: viewers(watcher) == ["admin", "agent"])  # noqa: B023 - awaited in the loop
            await admin.ask("ticket:unsubscribe", str(ticket_id))
            await until(lambda: viewers(agent) == ["agent"])
            await open_ticket(admin, ticket_id)
            await until(lambda: viewers(agent) == ["admin", "agent"])
        await until(lambda: viewers(agent) == ["agent"])  # a socket that is gone has nothing open
        assert await owner.ask("no:such:event", None)
        assert owner.told == []


async def test_a_second_socket_of_the_same_user_is_told_who_has_the_ticket_open(
    watch: Watch, people: People, ticket_id: UUID
) -> None:
    async with watch(people.agent) as first, watch(people.agent) as second:
        for watcher in (first, second):
            await open_ticket(watcher, ticket_id)
            await until(lambda: viewers(watcher) == ["agent"])  # noqa: B023 - awaited in the loop


async def test_staff_see_who_writes_and_requesters_do_not(watch: Watch, people: People, ticket_id: UUID) -> None:
    async with (
        watch(people.agent) as agent,
        watch(people.agent) as same_agent,
        watch(people.admin) as admin,
        watch(people.other_admin) as elsewhere,
        watch(people.requester) as owner,
    ):
        for watcher in (agent, same_agent, admin, owner):
            await open_ticket(watcher, ticket_id)
        assert await agent.ask("ticket:typing", {"ticketId": str(ticket_id)}) == {"ok": True}
        await until(lambda: last(admin, "tickets:typing"))
        assert last(admin, "tickets:typing") == {
            "ticketId": str(ticket_id),
            "user": {"id": str(people.agent.id), "username": "agent"},
        }
        for other in (agent, same_agent, elsewhere, owner):
            assert await other.ask("no:such:event", None)
            assert not last(other, "tickets:typing")
        assert await owner.ask("ticket:typing", str(ticket_id)) == {"ok": False, "error": "forbidden"}
        assert await elsewhere.ask("ticket:typing", str(ticket_id)) == {"ok": False, "error": "not_found"}


async def test_who_looks_through_another_process_is_seen_and_gone_when_that_ends(
    watch: Watch, settings: Settings, people: People, ticket_id: UUID, redis: ArqRedis, agent: httpx.AsyncClient
) -> None:
    async with watch(people.agent) as here:
        await open_ticket(here, ticket_id)
        async with serving(asgi.create_app(settings)) as other_url:
            async with watching(other_url, settings)(people.admin) as there:
                await open_ticket(there, ticket_id)
                for watcher in (here, there):
                    await until(lambda: viewers(watcher) == ["admin", "agent"])  # noqa: B023 - awaited in the loop
                await there.ask("ticket:typing", str(ticket_id))
                await until(lambda: last(here, "tickets:typing"))
                await redis.flushall()
                await agent.patch(f"/api/tickets/{ticket_id}", json={"title": "New"})
                await until(lambda: "tickets:updated" in names(there))
            await until(lambda: viewers(here) == ["agent"])
        dead = events.Viewing(uuid4(), {ticket_id: frozenset({Person(uuid4(), "ghost")})})
        await redis.publish(events.CHANNEL, msgspec.msgpack.encode(dead))
        await until(lambda: viewers(here) == ["agent", "ghost"])
        await until(lambda: viewers(here) == ["agent"])  # it says nothing any more


async def test_an_answer_is_given_while_redis_is_away(
    watch: Watch, agent: httpx.AsyncClient, redis: ArqRedis, ticket_id: UUID
) -> None:
    await redis.config_set("maxclients", 1)
    try:
        await redis.client_kill_filter(skipme=True)
        with capture_logs() as lines:
            answer = await agent.post(f"/api/tickets/{ticket_id}/comments", json={"body": "Still here"})
        assert answer.status_code == 201
        lost = {line["channel"] for line in lines if line["event"] == "announcement_lost"}
        assert lost == {events.CHANNEL, outbox.CHANNEL}
    finally:
        await redis.config_set("maxclients", 10_000)
