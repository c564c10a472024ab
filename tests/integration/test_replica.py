"""Reads through a streaming replica that lags, goes and comes back: nobody reads older than what they have seen."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from functools import partial
from signal import Signals
from uuid import UUID

import httpx
import pytest
from msgspec import structs
from prometheus_client import REGISTRY
from sqlalchemy import select
from structlog.testing import capture_logs

from app import asgi, policy, pools
from app import replica as replicas
from app.cli.doctor.examination import CHECKS, look
from app.cli.doctor.patient import Patient, planned
from app.http.positions import ASIDE, HEADER
from app.pools import Pools
from app.reads import Statement
from app.replica import SEEN, Seen
from app.settings import Settings
from app.tickets.models import tickets
from tests.support.people import People, add_tickets
from tests.support.replica import Replica, following
from tests.support.servers import Servers, execute
from tests.support.waiting import until
from tests.support.workbench import Workbench

WRITERS = 20
WRITES = 1_000
MUCH_IN_THE_LOG = "select pg_logical_emit_message(true, 'tests', repeat('x', 10_000_000))"


@pytest.fixture(scope="module")
async def replica(servers: Servers) -> AsyncIterator[Replica]:
    async with following(servers.database_url) as started:
        yield started


@pytest.fixture
def most_lag_seconds() -> float:
    return 600


@pytest.fixture
async def settings(
    settings: Settings, replica: Replica, most_lag_seconds: float, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Settings]:
    """What the replica is told to do ends with the test."""
    monkeypatch.setattr(asgi, "MEASURE_SECONDS", 0.1)
    monkeypatch.setattr(replicas, "PATIENCE_SECONDS", 2.0)  # on a busy machine a wait is no sign of anything
    name = settings.database_url.rpartition("/")[2].partition("?")[0]
    await replica.catches_up()  # the database must be there
    yield structs.replace(
        settings, database_read_url=replica.database(name), database_read_max_lag_seconds=most_lag_seconds
    )
    if not replica.is_running:
        await replica.start()
    await replica.delay(0)
    await replica.resume()


@pytest.fixture
async def reader(admin: httpx.AsyncClient) -> httpx.AsyncClient:
    """An admin, for whom the replica is read from."""
    await until(lambda: is_left_out(admin, False))
    return admin


async def is_left_out(client: httpx.AsyncClient, expected: bool) -> bool:
    ready = (await client.get("/api/health/ready")).json()
    assert ready["status"] == ("degraded" if ready["replica"] == "left out" else "ok")
    return (ready["replica"] == "left out") is expected


def reads_from(server: str) -> float:
    return REGISTRY.get_sample_value("bulkhead_reads_total", {"from": server}) or 0.0


async def titles(client: httpx.AsyncClient, seen: str | None = None) -> set[str]:
    headers = {} if seen is None else {HEADER: seen}
    answer = await client.get("/api/tickets?limit=100", headers=headers)
    assert answer.status_code == 200, answer.text
    return {ticket["title"] for ticket in answer.json()["tickets"]}


async def write(client: httpx.AsyncClient, title: str) -> str:
    """Add a ticket and return the position after it."""
    answer = await client.post("/api/tickets", json={"title": title})
    assert answer.status_code == 201, answer.text
    return answer.headers[HEADER]


async def test_who_has_written_reads_it_through_a_replica_that_lags(
    reader: httpx.AsyncClient, replica: Replica, bench: Workbench
) -> None:
    reader.event_hooks = {}  # thousands of answers are held against the document elsewhere
    await replica.delay(20)
    tickets = await bench.tickets(WRITERS)
    before = reads_from("replica")

    async def write_and_read(ticket_id: UUID) -> int:
        fresh = 0
        for number in range(WRITES // WRITERS):
            tag = f"{ticket_id.hex}{number}"
            written = await reader.patch(f"/api/tickets/{ticket_id}", json={"tags": [tag]})
            seen = {HEADER: written.headers[HEADER]}
            found = await reader.get("/api/tickets", params={"tags": tag, "limit": 1}, headers=seen)
            fresh += [ticket["id"] for ticket in found.json()["tickets"]] == [str(ticket_id)]
        return fresh

    assert sum(await asyncio.gather(*map(write_and_read, tickets))) == WRITES
    assert reads_from("replica") - before >= WRITES


async def test_others_may_read_what_was_a_moment_ago(reader: httpx.AsyncClient, replica: Replica) -> None:
    await replica.pause()
    position = await write(reader, "New")
    assert "New" not in await titles(reader)
    assert "New" in await titles(reader, position)
    for word in ("latest", "0/16B3740", "-1", ""):  # what is no position asks for all there is
        assert "New" in await titles(reader, word)
    await replica.resume()
    await replica.catches_up()
    before = reads_from("replica")
    assert "New" in await titles(reader, position)
    assert reads_from("replica") > before


async def test_the_document_names_what_a_replica_may_answer(reader: httpx.AsyncClient, bench: Workbench) -> None:
    [ticket_id] = await bench.tickets(1)
    await reader.get("/api/dashboard/stats")  # the primary keeps what was counted
    known = {"ticket_id": ticket_id, "user_id": bench.people.admin.id}

    async def is_told_by(path: str) -> bool:
        return HEADER in (await reader.get(path.format(**known), headers={HEADER: "latest"})).headers

    for path in ASIDE:
        await until(partial(is_told_by, path))  # once, as the replica may be late
    for path in {path for method, path in policy.ROLES if method == "GET" and not path.startswith("/api/jobs")} - ASIDE:
        with contextlib.suppress(KeyError):
            assert not await is_told_by(path), path


@pytest.mark.parametrize("most_lag_seconds", [1.0])
async def test_a_replica_that_is_too_late_is_left_out_until_it_has_caught_up(
    reader: httpx.AsyncClient, replica: Replica
) -> None:
    with capture_logs() as logs:
        await replica.pause()
        await write(reader, "New")
        await until(lambda: is_left_out(reader, True))
        assert "New" in await titles(reader)
        assert (REGISTRY.get_sample_value("bulkhead_replica_lag_seconds") or 0) > 1
        await replica.resume()
        await until(lambda: is_left_out(reader, False))
    told = [(entry["event"], entry.get("why")) for entry in logs if entry["event"].startswith("replica_")]
    assert told == [("replica_left_out", "behind"), ("replica_read_from", None)]


async def test_nobody_notices_that_a_replica_goes_and_comes_back(reader: httpx.AsyncClient, replica: Replica) -> None:
    position = await write(reader, "Old")
    replica.stop(Signals.SIGKILL)
    for _ in range(20):
        assert "Old" in await titles(reader, position)
    await until(lambda: is_left_out(reader, True))
    await write(reader, "New")
    assert "New" in await titles(reader)
    await replica.start()
    await until(lambda: is_left_out(reader, False))
    before = reads_from("replica")
    assert {"Old", "New"} <= await titles(reader, "latest")
    assert reads_from("replica") > before


async def test_what_is_costly_is_read_from_the_replica_too_and_from_the_primary_while_it_is_gone(
    reader: httpx.AsyncClient, replica: Replica, bench: Workbench
) -> None:
    job = await bench.submit(await bench.tickets(3))
    await bench.lanes().run(job.id)
    costly = [
        "/api/tickets?text=Ticket&sort=relevance",
        "/api/dashboard/stats",
        "/api/audit",
        f"/api/jobs/{job.id}/summary",
        f"/api/jobs/{job.id}/items?limit=3",
        f"/api/jobs/{job.id}/items/export?format=ndjson",
    ]
    for server in ("replica", "primary"):
        for path in costly:
            before = reads_from(server)
            answer = await reader.get(path, headers={HEADER: "latest"})
            assert answer.status_code == 200, answer.text
            assert reads_from(server) > before, path
        assert answer.text.count('"deleted"') == 3
        replica.stop()


async def test_a_primary_is_never_read_from_as_a_replica(settings: Settings, servers: Servers) -> None:
    alone = structs.replace(settings, database_read_url=settings.database_url)
    opened = pools.opened(alone)
    assert opened.replica
    await opened.replica.measure()
    assert opened.replica.left_out == "no replica"
    await opened.close()


async def test_what_is_written_is_read_whichever_of_two_standbys_is_promoted(
    settings: Settings, servers: Servers, replica: Replica, people: People
) -> None:
    async with following(servers.database_url) as standby, following(servers.database_url) as follower:
        await follower.follow(standby)
        await standby.catches_up()
        await standby.promote()
        await execute(servers.database_url, MUCH_IN_THE_LOG)
        await replica.catches_up()  # so it has what the other will never have
        for read_from, why, server in ((replica, "on another timeline", "primary"), (follower, None, "replica")):
            async with between(settings, standby, read_from) as opened:
                assert opened.replica
                await opened.replica.measure()
                assert opened.replica.left_out == why
                opened.replica.left_out = None  # as until it is measured
                before = reads_from(server)
                assert await reads_what_it_writes(opened, people)
                assert reads_from(server) == before + 2
        known = await said_by_doctor(settings, standby.database("bulkhead"), replica.database("bulkhead"))
        assert known == ("warn", "the replica has what the primary has not: it does not follow this one")


@contextlib.asynccontextmanager
async def between(settings: Settings, primary: Replica, read_from: Replica) -> AsyncIterator[Pools]:
    name = settings.database_url.rpartition("/")[2].partition("?")[0]
    urls = {"database_url": primary.database(name), "database_read_url": read_from.database(name)}
    opened = pools.opened(structs.replace(settings, **urls))
    yield opened
    await opened.close()


async def reads_what_it_writes(opened: Pools, people: People) -> bool:
    """Tell whether a new ticket is among those that are read aside, in either way."""
    assert opened.replica
    assert opened.aside
    [ticket_id] = await add_tickets(opened.engine, people.requester, 1)
    SEEN.set(Seen(await opened.replica.position()))
    statement = Statement(select(tickets.c.id))
    found = await opened.aside.reads.fetch(statement)
    at_cost = await opened.aside.costly.over(lambda connection: connection.execute(statement.element))
    return all(ticket_id in {row[0] for row in rows} for rows in (found, at_cost))


async def said_by_doctor(settings: Settings, url: str, read_url: str | None) -> tuple[str, str]:
    where = {"DATABASE_URL": url, "REDIS_URL": settings.redis_url, "DATABASE_READ_URL": read_url or ""}
    patient = Patient(planned(where))
    async with patient.connected():
        finding = await look(CHECKS["replica"], patient)
    return finding.status, finding.said


async def test_doctor_says_how_the_replica_is(settings: Settings, replica: Replica) -> None:
    async def said(read_url: str | None) -> tuple[str, str]:
        return await said_by_doctor(settings, settings.database_url, read_url)

    assert await said(settings.database_read_url) == ("ok", "the replica is less than 2 s behind")
    assert await said(settings.database_url) == ("warn", "DATABASE_READ_URL names no replica")
    replica.stop()
    status, told = await said(settings.database_read_url)
    assert status == "warn"
    assert told.startswith("the replica does not answer")
