"""Whoever has an answer already is told so, and not the answer again."""

import httpx
import pytest

from tests.support.workbench import Workbench


@pytest.fixture(params=["/api/tickets", "/api/jobs", "/api/views", "/api/users", "/api/audit", "/api/me"])
def path(request: pytest.FixtureRequest) -> str:
    return str(request.param)


async def test_what_has_not_changed_is_not_sent_again(path: str, admin: httpx.AsyncClient) -> None:
    first = await admin.get(path)
    again = await admin.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "X-Request-Id" in again.headers


async def test_what_has_changed_is_sent(admin: httpx.AsyncClient, bench: Workbench) -> None:
    first = await admin.get("/api/tickets")
    await bench.tickets(1)
    again = await admin.get("/api/tickets", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    assert again.headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize("known", ['"other", {etag}', '{etag},"other"', "*", '"{version}"', 'W/"{version}"'])
async def test_a_ticket_is_known_by_its_version(known: str, admin: httpx.AsyncClient, bench: Workbench) -> None:
    [ticket_id] = await bench.tickets(1)
    url = f"/api/tickets/{ticket_id}"
    ticket = await admin.get(url)
    values = {"etag": ticket.headers["ETag"], "version": ticket.headers["ETag"].strip('"')}
    assert (await admin.get(url, headers={"If-None-Match": known.format(**values)})).status_code == 304
    assert (await admin.patch(url, json={"status": "closed"})).status_code == 200
    if known != "*":
        assert (await admin.get(url, headers={"If-None-Match": known.format(**values)})).status_code == 200


@pytest.mark.parametrize("garbage", ["", ",", "W/", '"', "no quotes", '""'])
async def test_garbage_is_nothing_that_is_known(garbage: str, admin: httpx.AsyncClient) -> None:
    assert (await admin.get("/api/tickets", headers={"If-None-Match": garbage})).status_code == 200


async def test_what_changes_something_is_always_done(admin: httpx.AsyncClient) -> None:
    body = {"title": "Printer on fire", "priority": "low"}
    assert (await admin.post("/api/tickets", json=body, headers={"If-None-Match": "*"})).status_code == 201
