"""Postgres or Redis away, cut off or exhausted: what the API says meanwhile, and that it comes back by itself."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest
from arq.connections import ArqRedis
from litestar.types import ASGIApp
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from app import asgi, database
from app.accounts import tokens
from app.accounts.limiter import LoginLimiter
from app.accounts.service import Accounts
from app.health.service import Probes
from app.http.paging import Cursors
from app.http.problems import PROBLEM_JSON
from app.openapi import NO_SERVICES
from app.sessions.service import Sessions
from app.settings import Settings
from app.tickets.service import Tickets
from tests.support import backends, internals
from tests.support.fakes import RecordedOutbox, RecordedTicketAnnouncer
from tests.support.http import http_client
from tests.support.people import PASSWORD, People, add_tickets
from tests.support.pools import pools_beside
from tests.support.routes import Routes
from tests.support.serving import serving
from tests.support.waiting import until

NOWHERE = "127.0.0.1:1"
QUICK_SECONDS = 8  # no answer may take 10
WHOLE = {"title": "T", "description": "", "status": "open", "priority": "low"}


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """An outage fills the log, and in colour that takes its time."""
    with capture_logs():
        yield


@contextlib.asynccontextmanager
async def client_of(app: ASGIApp) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(app) as url, http_client(url, timeout=10) as client:
        yield client


def authorize(client: httpx.AsyncClient, settings: Settings, user_id: object) -> None:
    client.headers["Authorization"] = f"Bearer {tokens.issue(user_id, settings.jwt_secret, 60)}"  # type: ignore[arg-type]


def assert_unavailable(answer: httpx.Response) -> None:
    assert answer.status_code == 503, answer.text
    assert answer.headers["content-type"] == PROBLEM_JSON
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    body = answer.json()
    assert (body["status"], body["code"], body["requestId"]) == (503, "unavailable", answer.headers["x-request-id"])
    assert not any(word in answer.text.lower() for word in ("select ", "postgres", "sqlalchemy", "127.0.0.1", "pool"))


@pytest.mark.parametrize("database_url", [f"postgresql://api@{NOWHERE}/api", "postgresql:///api?host=/nonexistent"])
async def test_without_postgres_everything_that_needs_it_is_unavailable(
    routes: Routes, database_url: str, settings: Settings
) -> None:
    alone = msgspec.structs.replace(settings, database_url=database_url)
    async with client_of(routes.app(alone)) as client:
        authorize(client, alone, uuid4())
        async with asyncio.timeout(QUICK_SECONDS):
            answers = [
                await client.get("/api/health"),
                await client.get("/api/me"),
                await client.post("/api/jobs", json={}),
                await client.post("/api/login", json={"username": "admin", "password": PASSWORD}),
            ]
            for answer in answers:
                assert_unavailable(answer)
            del client.headers["Authorization"]
            assert (await client.get("/api/me")).status_code == 401
            assert (await client.post("/api/login", content=b"{")).status_code == 400


async def test_without_redis_all_goes_on(
    routes: Routes, settings: Settings, engine: AsyncEngine, people: People
) -> None:
    alone = msgspec.structs.replace(settings, redis_url=f"redis://{NOWHERE}")
    ids = [str(ticket_id) for ticket_id in await add_tickets(engine, people.requester, 3)]
    job = {"type": "bulk-delete", "payload": {"ticketIds": ids}}
    async with client_of(routes.app(alone)) as client:
        async with asyncio.timeout(QUICK_SECONDS):
            login = await client.post("/api/login", json={"username": "admin", "password": PASSWORD})
            authorize(client, alone, people.admin.id)
            posted = await client.post("/api/jobs", json=job)
            canceled = await client.post(f"/api/jobs/{posted.json()['id']}/cancel")
            healthy = await client.get("/api/health")
    assert [answer.status_code for answer in (login, posted, canceled, healthy)] == [200, 202, 200, 200]


async def test_it_recovers_when_its_connections_were_cut(
    base_url: str, settings: Settings, engine: AsyncEngine, people: People
) -> None:
    async with http_client(base_url) as client:
        authorize(client, settings, people.agent.id)
        for _ in range(3):
            await asyncio.gather(*(client.get("/api/tickets") for _ in range(15)))
            assert await backends.end_those_of_the_api(engine) > 1
            answers = [await client.get("/api/tickets") for _ in range(15)]
            failed = [answer for answer in answers if answer.status_code != 200]
            assert len(failed) <= 2
            for answer in failed:
                assert_unavailable(answer)
            assert [answer.status_code for answer in answers[-5:]] == [200] * 5


async def test_a_write_that_was_cut_off_is_unavailable_and_changes_nothing(
    base_url: str, settings: Settings, engine: AsyncEngine, people: People
) -> None:
    [ticket_id] = await add_tickets(engine, people.requester, 1)
    path = f"/api/tickets/{ticket_id}"
    async with http_client(base_url) as client:
        authorize(client, settings, people.agent.id)
        before = (await client.get(path)).json()
        requests = [("PUT", path, WHOLE), ("PATCH", path, {"title": "T"}), ("DELETE", path, None)]
        requests += [("POST", "/api/tickets", {"title": "T"})]
        async with engine.begin() as blocking:
            await blocking.execute(text("lock table tickets in share row exclusive mode"))
            for method, target, body in requests:
                cut = asyncio.create_task(client.request(method, target, json=body))
                await until(lambda: backends.end_waiting(engine))
                assert_unavailable(await cut)
        listed = await until(lambda: listed_tickets(client))
        assert listed == [before]


async def listed_tickets(client: httpx.AsyncClient) -> list[Any] | None:
    answer = await client.get("/api/tickets")
    found: list[Any] | None = answer.json()["tickets"] if answer.is_success else None
    return found


async def test_when_no_connection_is_free_it_says_so_instead_of_hanging(
    settings: Settings, redis: ArqRedis, engine: AsyncEngine, people: People
) -> None:
    narrow = database.create_engine(msgspec.structs.replace(settings, db_pool_max=2), application_name="bulkhead-api")
    assert internals.pool_timeout_seconds(narrow) <= 5
    async with contextlib.AsyncExitStack() as stack:
        pools = await stack.enter_async_context(pools_beside(narrow, settings, reads=2, patience_seconds=0.3))
        services = msgspec.structs.replace(
            NO_SERVICES,
            pools=pools,
            probes=Probes(pools.reads, redis),
            tickets=Tickets(pools, RecordedTicketAnnouncer(), RecordedOutbox()),
            cursors=Cursors(settings.jwt_secret),
            accounts=Accounts(pools, LoginLimiter(redis), settings, Sessions(pools, settings)),
        )
        client = await stack.enter_async_context(client_of(asgi.create_api(settings, services)))
        authorize(client, settings, people.agent.id)
        async with engine.begin() as blocking:
            await blocking.execute(text("lock table tickets in access exclusive mode"))
            held = [asyncio.create_task(client.get("/api/tickets")) for _ in range(2)]
            await until(lambda: are_waiting(engine, 2))
            internals.set_pool_timeout(narrow, 0.3)
            async with asyncio.timeout(QUICK_SECONDS):
                for path in ("/api/health", "/api/me", "/api/tickets"):
                    answer = await client.get(path)
                    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
                    assert int(answer.headers["retry-after"]) >= 1
        assert [(await answer).status_code for answer in held] == [200, 200]
        assert (await client.get("/api/health")).status_code == 200
    await narrow.dispose()


async def are_waiting(engine: AsyncEngine, count: int) -> bool:
    return await backends.count_waiting(engine) == count
