"""Fields that are not a client's to write, on each route that writes."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import Table

from app import policy
from app.accounts.models import users
from app.comments.models import comments
from app.contacts.models import contacts
from app.inventory.models import inventory_items, inventory_movements
from app.jobs.models import jobs
from app.tickets.models import tickets
from tests.integration.test_openapi import BODIES, FILES, body_schema, everything_in
from tests.support.contract import filled
from tests.support.document import document
from tests.support.examples import resolved
from tests.support.people import People
from tests.support.workbench import Workbench

TABLES = (users, tickets, comments, jobs, contacts, inventory_items, inventory_movements)
WRITING = {"POST", "PUT", "PATCH", "DELETE"}
TEMPTING = {"isAdmin", "is_admin", "admin", "scope", "permissions", "__proto__", "constructor", "_method", "$set"}
WITHOUT_BODY = {route for route in policy.ROLES if route[0] in WRITING} - BODIES.keys() - FILES


def columns(tables: tuple[Table, ...]) -> set[str]:
    """Return their names as the database has them and as JSON would."""
    names = {column.name for table in tables for column in table.columns}
    return names | {name.split("_")[0] + "".join(map(str.capitalize, name.split("_")[1:])) for name in names}


def not_to_write(method: str, path: str) -> set[str]:
    schema = body_schema(document(), document()["paths"][path][method.lower()])
    own = {name for node in everything_in(schema) for name in resolved(document(), node).get("properties", {})}
    return (columns(TABLES) | TEMPTING) - own


async def state(bench: Workbench) -> list[list[Any]]:
    async with bench.engine.connect() as connection:
        return [
            list((await connection.exec_driver_sql(f"select * from {table.name} order by id")).all())
            for table in TABLES
        ]


@pytest.mark.parametrize(("method", "path"), BODIES, ids=lambda value: value)
async def test_a_body_with_a_column_that_is_not_its_own_writes_nothing(
    admin: httpx.AsyncClient, bench: Workbench, people: People, method: str, path: str
) -> None:
    [ticket_id] = await bench.tickets(1)
    target = filled(path.replace("{ticket_id}", str(ticket_id)).replace("{user_id}", str(people.agent.id)))
    before = await state(bench)
    names = not_to_write(method, path)
    assert len(names) > 40
    for name in sorted(names):
        refused = await admin.request(method, target, json=BODIES[method, path] | {name: str(people.admin.id)})
        assert refused.status_code == 400, name
    assert await state(bench) == before


@pytest.mark.parametrize("path", ["/api/jobs", "/api/jobs/preview"])
async def test_nor_does_one_with_a_column_in_its_payload(admin: httpx.AsyncClient, bench: Workbench, path: str) -> None:
    payload = {"ticketIds": [str(uuid4())]}
    before = await state(bench)
    for name in sorted(columns((tickets, jobs)) | TEMPTING):
        body = {"type": "bulk-delete", "payload": payload | {name: "x"}}
        assert (await admin.post(path, json=body)).status_code == 400, name
    assert await state(bench) == before


async def test_what_a_client_says_of_itself_in_a_query_or_a_header_changes_nothing(
    requester: httpx.AsyncClient, people: People
) -> None:
    other = str(people.other_requester.id)
    created = await requester.post(
        "/api/tickets",
        json={"title": "Mine"},
        params={"requesterId": other, "requester_id": other, "role": "admin"},
        headers={"X-User-Id": other, "X-Role": "admin", "X-HTTP-Method-Override": "DELETE"},
    )
    assert (created.status_code, created.json()["requesterId"]) == (201, str(people.requester.id))


async def test_a_body_where_none_is_asked_for_says_nothing(
    admin: httpx.AsyncClient, bench: Workbench, people: People
) -> None:
    said = {"requestedBy": str(people.agent.id), "status": "completed", "total": 7, "force": True, "id": str(uuid4())}
    for method, path in sorted(WITHOUT_BODY):
        job = await bench.submit(await bench.tickets(2))
        if not path.endswith(("/cancel", "/pause")):
            await bench.cancel(job.id)
        [ticket_id] = await bench.tickets(1)
        target = filled(path.replace("{ticket_id}", str(ticket_id)).replace("{job_id}", str(job.id)))
        answer = await admin.request(method, target, json=said)
        if answer.status_code in {200, 202}:
            told = answer.json()
            assert not path.startswith("/api/jobs/") or told["requestedBy"] == str(people.admin.id), path
            assert [name for name in said if told.get(name) == said[name]] == [], path
        else:
            assert answer.status_code in {204, 404, 409}, path


async def test_a_requester_cannot_assign_tag_or_name_a_contact_even_for_what_is_theirs(
    requester: httpx.AsyncClient, bench: Workbench, people: People
) -> None:
    mine = f"/api/tickets/{(await bench.tickets(1))[0]}"
    before = await state(bench)
    bodies: tuple[dict[str, Any], ...] = (
        {"assigneeId": str(people.agent.id)},
        {"assigneeId": None},
        {"tags": ["x"]},
        {"tags": []},
        {"contactId": None},
    )
    for body in bodies:
        assert (await requester.patch(mine, json=body | {"title": "New"})).status_code == 403
    assert await state(bench) == before
