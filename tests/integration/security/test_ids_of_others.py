"""What belongs to others is answered as what does not exist, on each route that has an id."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from app import policy
from tests.support.contract import filled
from tests.support.people import People
from tests.support.workbench import Workbench

BODIES: dict[tuple[str, str], Any] = {
    ("PUT", "/api/tickets/{ticket_id}"): {"title": "Mine", "description": "", "status": "open", "priority": "low"},
    ("PATCH", "/api/tickets/{ticket_id}"): {"title": "Mine"},
    ("POST", "/api/tickets/{ticket_id}/comments"): {"body": "Mine"},
    ("PATCH", "/api/tickets/{ticket_id}/comments/{comment_id}"): {"body": "Mine"},
}


def routes_with(name: str, role: Any) -> list[tuple[str, str]]:
    return sorted(route for route, roles in policy.ROLES.items() if f"{{{name}}}" in route[1] and role in roles)


async def answer(client: httpx.AsyncClient, route: tuple[str, str], name: str, id_: UUID) -> tuple[int, Any, Any]:
    """Return all that an answer tells, but for what is new in each."""
    method, path = route
    got = await client.request(method, filled(path.replace(f"{{{name}}}", str(id_))), json=BODIES.get(route))
    headers = {key: value for key, value in got.headers.items() if key not in {"x-request-id", "date"}}
    return got.status_code, headers, got.json() | {"requestId": ""}


async def test_a_requester_learns_nothing_of_the_tickets_of_others(
    requester: httpx.AsyncClient, bench: Workbench, people: People
) -> None:
    theirs = (await bench.tickets(1))[0]
    await bench.execute("update tickets set requester_id = :other", other=people.other_requester.id)
    before = await state(bench)
    routes = routes_with("ticket_id", "requester")
    assert len(routes) == 9
    for route in routes:
        told = await answer(requester, route, "ticket_id", theirs)
        assert told == await answer(requester, route, "ticket_id", uuid4()), route
        assert told[0] == 404
    for filters in ({"requesterId": str(people.other_requester.id)}, {"text": "Ticket"}, {"deleted": False}, {}):
        assert (await requester.get("/api/tickets", params=filters)).json()["pagination"]["total"] == 0
    assert await state(bench) == before


@pytest.mark.parametrize("role", ["requester", "agent"])
async def test_only_admins_learn_of_the_jobs_of_others(
    requester: httpx.AsyncClient, agent: httpx.AsyncClient, bench: Workbench, people: People, role: str
) -> None:
    client = {"requester": requester, "agent": agent}[role]
    theirs = (await bench.submit(await bench.tickets(2), people.admin)).id
    routes = routes_with("job_id", role)
    assert len(routes) == {"requester": 3, "agent": 4}[role]
    for route in routes:
        told = await answer(client, route, "job_id", theirs)
        assert told == await answer(client, route, "job_id", uuid4()), route
        assert told[0] == 404
    for filters in ({"type": "bulk-delete"}, {"status": "queued"}, {}):
        assert (await client.get("/api/jobs", params=filters)).json()["pagination"]["total"] == 0


async def test_a_cursor_of_another_list_opens_nothing(
    admin: httpx.AsyncClient, bench: Workbench, people: People
) -> None:
    first, second = await bench.submit(await bench.tickets(3)), await bench.submit(await bench.tickets(3))
    cursor = (await admin.get(f"/api/jobs/{first.id}/items", params={"limit": 1})).json()["nextCursor"]
    for path in (f"/api/jobs/{second.id}/items", "/api/audit"):
        refused = await admin.get(path, params={"cursor": cursor})
        assert (refused.status_code, refused.json()["errors"][0]["path"]) == (400, "query.cursor")


async def state(bench: Workbench) -> list[Any]:
    async with bench.engine.connect() as connection:
        return list((await connection.exec_driver_sql("select * from tickets order by id")).all())
