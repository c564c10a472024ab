"""What every exchange has, whoever answers it; and what the process, run as it is run in earnest, gives away."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any, NoReturn
from uuid import uuid4

import httpx
import pytest
from arq.connections import ArqRedis
from msgspec.structs import replace
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from app import asgi
from app.accounts import tokens
from app.accounts.limiter import ATTEMPTS, LoginLimiter
from app.accounts.service import Accounts
from app.http.middleware import SAFE_HEADERS, Exchanges
from app.http.paging import Cursors
from app.openapi import NO_SERVICES
from app.pools import Pools
from app.sessions.service import Sessions
from app.settings import Settings
from app.tickets.service import Tickets
from tests.support import backends
from tests.support.http import http_client
from tests.support.people import PASSWORD, People
from tests.support.servers import FRONTEND_URL
from tests.support.system import System
from tests.support.waiting import until

SIXTEEN_MB = 16 * 1024 * 1024
POLLING = "/socket.io/?EIO=4&transport=polling"
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,if-match"}
CANARY = "canary"  # within all that must not be logged

Log = Callable[[], str]


async def every_kind_of_answer(
    admin: httpx.AsyncClient, requester: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> dict[str, httpx.Response]:
    ticket = await admin.post("/api/tickets", json={"title": "Title"})
    path = ticket.headers["location"]
    job = {"type": "bulk-delete", "payload": {"ticketIds": [str(uuid4())]}}
    origin = {"Origin": FRONTEND_URL}
    too_long = {"Idempotency-Key": "x" * 256}
    return {
        "200": await admin.get("/api/me"),
        "200 to a stranger": await stranger.get("/api/health"),
        "201": ticket,
        "202": await admin.post("/api/jobs", json=job, headers={"Idempotency-Key": "key"}),
        "204": await admin.delete(path),
        "204 to a preflight": await stranger.options("/api/jobs", headers=origin | PREFLIGHT),
        "400": await admin.post("/api/jobs", json=job, headers=too_long),
        "400 to a preflight": await stranger.options(
            "/api/jobs", headers=PREFLIGHT | {"Origin": "http://evil.example"}
        ),
        "401": await stranger.get("/api/tickets"),
        "401 to a login": await stranger.post("/api/login", json={"username": "nobody", "password": "x"}),
        "403": await requester.post("/api/jobs", json=job),
        "404": await admin.get(path),
        "404 of an unknown path": await admin.get("/api/nowhere"),
        "405": await admin.post("/api/health"),
        "412": await admin.patch(
            (await admin.post("/api/tickets", json={"title": "x"})).headers["location"],
            json={"title": "y"},
            headers={"If-Match": '"9"'},
        ),
        "413": await admin.post("/api/tickets", content=b" " * (SIXTEEN_MB + 1)),
        "422": await admin.post("/api/jobs", json=job | {"reason": "x"}, headers={"Idempotency-Key": "key"}),
        "a socket by polling": await stranger.get(POLLING),
        "a socket refused": await stranger.get(POLLING, headers={"Origin": "http://evil.example"}),
        "a socket of another protocol": await stranger.get("/socket.io/"),
    }


async def test_every_answer_has_a_request_id_of_its_own_and_safe_headers(
    admin: httpx.AsyncClient, requester: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    answers = await every_kind_of_answer(admin, requester, stranger)
    assert {kind: str(answer.status_code) for kind, answer in answers.items() if kind[0].isdigit()} == {
        kind: kind[:3] for kind in answers if kind[0].isdigit()
    }
    for kind, answer in answers.items():
        assert {name: answer.headers.get(name) for name in SAFE_HEADERS} == SAFE_HEADERS, kind
        assert len(answer.headers.get_list("x-request-id")) == 1, kind
        assert len(answer.headers["x-request-id"]) == 32, kind
    assert len({answer.headers["x-request-id"] for answer in answers.values()}) == len(answers)
    forged = await stranger.get("/api/me", headers={"X-Request-Id": "theirs"})
    assert forged.headers.get_list("x-request-id") == [forged.json()["requestId"]]
    assert "theirs" not in forged.text


async def test_errors_are_problems_that_carry_their_request_id(
    admin: httpx.AsyncClient, requester: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    answers = await every_kind_of_answer(admin, requester, stranger)
    ours = {kind: answer for kind, answer in answers.items() if kind[0] == "4" and not kind.endswith("preflight")}
    assert len(ours) == 10
    for kind, answer in ours.items():
        body = answer.json()
        assert answer.headers["content-type"] == "application/problem+json", kind
        assert body["requestId"] == answer.headers["x-request-id"], kind
        assert (body["status"], body["title"]) == (answer.status_code, HTTPStatus(answer.status_code).phrase), kind
        assert body["code"], kind
        assert body["detail"], kind


class BrokenTickets(Tickets):
    def __init__(self) -> None:
        pass

    async def find_page(self, *_: Any, **__: Any) -> NoReturn:
        raise RuntimeError(f"bug at {CANARY}")


@pytest.mark.parametrize("tickets", [BrokenTickets(), object()], ids=["in a service", "in how it is put together"])
async def test_a_bug_is_told_as_a_bare_500_and_logged_whole(
    tickets: object, pools: Pools, redis: ArqRedis, people: People, settings: Settings
) -> None:
    accounts = Accounts(pools, LoginLimiter(redis), settings, Sessions(pools, settings))
    services = replace(NO_SERVICES, accounts=accounts, tickets=tickets, cursors=Cursors(settings.jwt_secret))
    transport = httpx.ASGITransport(Exchanges(asgi.create_api(settings, services)))  # type: ignore[arg-type]
    headers = {"Authorization": f"Bearer {tokens.issue(people.agent.id, settings.jwt_secret, 60)}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
        with capture_logs() as logged:
            answer = await client.get("/api/tickets")
    assert answer.status_code == 500
    assert answer.json() == {
        "status": 500,
        "title": "Internal Server Error",
        "code": "internal_error",
        "detail": "Something went wrong on our side; the request id helps to find out what.",
        "requestId": answer.headers["x-request-id"],
    }
    assert {name: answer.headers.get(name) for name in SAFE_HEADERS} == SAFE_HEADERS
    [failed, access] = logged
    assert (failed["event"], failed["log_level"], failed["code"]) == ("request_failed", "error", "internal_error")
    assert isinstance(failed["exc_info"], Exception)
    assert (access["event"], access["status"]) == ("request", 500)


async def test_each_request_is_logged_in_a_line_without_its_query(agent: httpx.AsyncClient) -> None:
    with capture_logs() as logged:
        await agent.get("/api/tickets", params={"text": CANARY})
        await until(lambda: [entry for entry in logged if entry["event"] == "request"])
    [entry] = [entry for entry in logged if entry["event"] == "request"]
    assert entry.pop("ms") > 0
    assert entry == {
        "event": "request",
        "log_level": "info",
        "method": "GET",
        "path": "/api/tickets",
        "status": 200,
    }


async def test_a_client_that_hangs_up_is_no_error_of_ours(agent: httpx.AsyncClient) -> None:
    with capture_logs() as logged:
        _, writer = await asyncio.open_connection(agent.base_url.host, agent.base_url.port)
        head = "POST /api/tickets HTTP/1.1\r\nHost: api\r\nAuthorization: {}\r\nContent-Length: 100\r\n\r\n"
        writer.write(head.format(agent.headers["authorization"]).encode() + b'{"title":"Half')
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        await until(lambda: [entry for entry in logged if entry["event"] == "request"])
    assert [entry for entry in logged if entry["log_level"] == "error"] == []
    assert (await agent.get("/api/tickets")).json()["tickets"] == []


async def test_a_body_of_16_mb_is_read_and_one_byte_more_is_too_large(
    admin: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    largest = b'{"title":"%s"}' % (b"x" * (SIXTEEN_MB - 12))
    assert len(largest) == SIXTEEN_MB
    answer = await admin.post("/api/tickets", content=largest)
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (400, "$.title")
    too_large = largest + b" "

    async def in_chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(too_large), 1_000_000):
            yield too_large[start : start + 1_000_000]

    for client, path in ((admin, "/api/tickets"), (admin, "/api/jobs"), (stranger, "/api/login")):
        for content in (too_large, in_chunks()):
            answer = await client.post(path, content=content)
            assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert (await admin.get("/api/tickets")).json()["tickets"] == []


async def test_a_length_is_believed_when_it_is_too_large_and_refused_when_it_is_none(admin: httpx.AsyncClient) -> None:
    async def status_at(length: str) -> bytes:
        reader, writer = await asyncio.open_connection(admin.base_url.host, admin.base_url.port)
        head = "POST /api/tickets HTTP/1.1\r\nHost: api\r\nAuthorization: {}\r\nContent-Length: {}\r\n\r\n"
        writer.write(head.format(admin.headers["authorization"], length).encode())
        async with asyncio.timeout(5):
            line = await reader.readline()
        writer.close()
        await writer.wait_closed()
        return line.split(b" ")[1]

    assert await status_at(str(SIXTEEN_MB + 1)) == b"413"
    assert {await status_at(length) for length in ("-1", "+5", "5, 6", "0x5", "9" * 30, "five")} == {b"400"}


async def test_the_frontend_may_call_from_a_browser(stranger: httpx.AsyncClient, agent: httpx.AsyncClient) -> None:
    origin = {"Origin": FRONTEND_URL}
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        asked = {
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "authorization, bulkhead-lsn, content-type, idempotency-key, if-match",
        }
        preflight = await stranger.options("/api/jobs", headers=origin | asked)
        assert preflight.status_code == 204
        assert preflight.headers["access-control-allow-origin"] == FRONTEND_URL
        assert method in preflight.headers["access-control-allow-methods"]
        allowed = preflight.headers["access-control-allow-headers"].lower()
        assert all(name in allowed for name in ("authorization", "bulkhead-lsn", "idempotency-key", "if-match"))
    for answer in (await agent.get("/api/me", headers=origin), await stranger.get("/api/me", headers=origin)):
        assert answer.headers["access-control-allow-origin"] == FRONTEND_URL
        assert "origin" in answer.headers["vary"].lower()
        exposed = answer.headers["access-control-expose-headers"].split(", ")
        assert {"Bulkhead-LSN", "ETag", "Location", "Retry-After", "Idempotency-Replayed", "X-Request-Id"} <= set(
            exposed
        )
    assert (await stranger.get(POLLING, headers=origin)).headers["access-control-allow-origin"] == FRONTEND_URL


async def test_no_other_origin_may(stranger: httpx.AsyncClient, agent: httpx.AsyncClient) -> None:
    for origin in (
        "http://evil.example",
        "https://localhost:3000",
        "http://localhost",
        "http://localhost:30001",
        "http://localhost:3000.evil.example",
        "http://sub.localhost:3000",
        f"{FRONTEND_URL}/",
        "null",
        "*",
        "",
    ):
        headers = {"Origin": origin}
        answers = [
            await agent.get("/api/me", headers=headers),
            await stranger.get("/api/me", headers=headers),
            await stranger.options("/api/jobs", headers=headers | PREFLIGHT),
            await stranger.get("/socket.io/", headers=headers),
        ]
        assert [answer.headers.get("access-control-allow-origin") for answer in answers] == [None] * 4, origin
    plain = await agent.get("/api/me")
    assert "access-control-allow-origin" not in plain.headers


@contextlib.asynccontextmanager
async def running_api(settings: Settings, folder: Path, **more: str) -> AsyncIterator[tuple[httpx.AsyncClient, Log]]:
    """Run the API as for production; its log is whole when the context has ended."""
    system = System(settings, folder, APP_ENV="production", LOG_LEVEL="debug", **more)
    try:
        api = await system.start_api()
        async with http_client(system.url, timeout=10) as client:
            yield client, lambda: system.log(api)
    finally:
        system.stop()


async def test_the_log_holds_no_secret_and_nothing_that_people_wrote(
    settings: Settings, engine: AsyncEngine, redis: ArqRedis, people: People, tmp_path: Path
) -> None:
    token = tokens.issue(people.admin.id, settings.jwt_secret, 600)
    auth = {"Authorization": f"Bearer {token}", "Cookie": f"session={CANARY}"}
    async with running_api(settings, tmp_path) as (client, log_of_the_api):
        await client.post("/api/login", json={"username": CANARY, "password": CANARY})
        given = await client.post("/api/login", json={"username": "agent", "password": PASSWORD})
        await client.post("/api/login", content=f'{{"username":"{CANARY}","password":"{CANARY}'.encode())
        await client.get("/api/me", headers={"Authorization": f"Bearer {CANARY}.{CANARY}.{CANARY}"})
        found = await client.get("/api/tickets", params={"text": CANARY, "token": token}, headers=auth)
        created = await client.post("/api/tickets", json={"title": CANARY, "description": CANARY}, headers=auth)
        for path in ("/api/tickets/{}/approve/{}", "/api/tickets/{}/reject/{}", "/tickets/{}/approve/{}"):
            await client.get(path.format(uuid4(), CANARY))
            await client.post(path.format(uuid4(), CANARY), json={"reason": CANARY})
        await client.get(f"/api/approvals/{CANARY}")
        opened = await client.get(POLLING, params={"EIO": "4", "transport": "polling", "token": CANARY})
        sid = json.loads(opened.text[1:])["sid"]
        await client.post(f"{POLLING}&sid={sid}", content=f'40{{"token":"{token}"}}')
        async with engine.begin() as blocking:
            await blocking.execute(text("lock table tickets in access exclusive mode"))
            for request in (
                client.get("/api/tickets", params={"text": CANARY}, headers=auth),
                client.patch(created.headers["location"], json={"title": CANARY}, headers=auth),
            ):
                broken = asyncio.create_task(request)
                await until(lambda: backends.end_waiting(engine))
                assert (await broken).status_code == 503
        assert (given.status_code, found.status_code, created.status_code) == (200, 400, 201)
        assert "server" not in found.headers
    log = log_of_the_api()
    assert log.count("request_failed") == 2
    assert all(isinstance(json.loads(line), dict) for line in log.splitlines())
    secrets = (CANARY, token, given.json()["access_token"], PASSWORD, settings.jwt_secret, "argon2")
    assert [(secret, line) for line in log.splitlines() for secret in secrets if secret in line] == []


async def test_the_address_that_counts_is_that_of_the_connection_unless_a_trusted_proxy_says_another(
    settings: Settings, engine: AsyncEngine, redis: ArqRedis, people: People, tmp_path: Path
) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "proxied").mkdir()

    async def log_in(client: httpx.AsyncClient, forwarded_for: str) -> int:
        credentials = {"username": "admin", "password": PASSWORD}
        answer = await client.post("/api/login", json=credentials, headers={"X-Forwarded-For": forwarded_for})
        return answer.status_code

    async def use_up(address: str) -> None:
        for _ in range(ATTEMPTS):
            await LoginLimiter(redis).count(str(people.admin.id), address)

    async with (
        running_api(settings, tmp_path / "open") as (client, _),
        running_api(settings, tmp_path / "proxied", TRUSTED_PROXIES="127.0.0.1") as (proxied, _),
    ):
        await use_up("127.0.0.1")
        await use_up("203.0.113.9")
        assert {await log_in(client, forged) for forged in ("198.51.100.7", "203.0.113.9", "", "nonsense")} == {429}
        assert {await log_in(proxied, address) for address in ("203.0.113.9", "198.51.100.7, 203.0.113.9")} == {429}
        assert await log_in(proxied, "203.0.113.9, 198.51.100.7") == 200
