"""Requests for cable are fulfilled from stock, or not at all."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from app.jobs.errors import NotUndoable
from app.jobs.models import Job
from app.jobs.operations.bulk_update import BulkUpdate, BulkUpdatePayload
from app.tickets.filters import TicketFilter
from tests.support.workbench import Workbench

Json = dict[str, Any]
CAT6: Json = {"cableType": "Cat6", "cableGauge": "23AWG", "cableLength": "100 ft"}


async def stock(admin: httpx.AsyncClient, quantity: int, cable: Json = CAT6) -> str:
    """Put cables into stock; return the item's id."""
    answer = await admin.post("/api/cable-receiving", json=cable | {"quantity": quantity})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["itemId"])


async def in_progress(client: httpx.AsyncClient, bench: Workbench, **fields: Any) -> str:
    """Ask for cable and have it approved; return the path of the ticket."""
    answer = await client.post("/api/tickets", json={"type": "cable", "fields": CAT6 | fields})
    assert answer.status_code == 201, answer.text
    path = answer.headers["location"]
    await bench.execute("update tickets set status = 'in_progress' where id = :id", id=UUID(path[-36:]))
    return str(path)


async def fulfilled(client: httpx.AsyncClient, path: str) -> httpx.Response:
    return await client.patch(path, json={"status": "fulfilled"})


async def on_hand(admin: httpx.AsyncClient, item_id: str) -> int:
    """Return what there is of an item, which its ledger must agree with."""
    item = (await admin.get(f"/api/inventory/items/{item_id}")).json()
    movements = (await admin.get("/api/inventory/movements", params={"itemId": item_id, "limit": 100})).json()
    assert item["onHand"] == sum(movement["quantity"] for movement in movements["movements"])
    return int(item["onHand"])


async def test_what_is_handed_over_goes_out_of_stock_for_its_ticket(
    agent: httpx.AsyncClient, admin: httpx.AsyncClient, bench: Workbench
) -> None:
    item_id = await stock(admin, 10)
    path = await in_progress(agent, bench, cableType="CAT 6", cableLength="100.0 FT", quantity=3)
    answer = await fulfilled(agent, path)
    assert (answer.status_code, answer.json()["status"]) == (200, "fulfilled")
    found = (await agent.get("/api/inventory/movements", params={"ticketId": path[-36:]})).json()["movements"]
    assert [(each["itemId"], each["kind"], each["quantity"], each["actor"]["username"]) for each in found] == [
        (item_id, "issued", -3, "agent")
    ]
    assert (await fulfilled(agent, path)).status_code == 200  # it is already, and takes nothing more
    assert await on_hand(admin, item_id) == 7


async def test_what_is_not_there_leaves_the_ticket_as_it_was(
    agent: httpx.AsyncClient, admin: httpx.AsyncClient, bench: Workbench
) -> None:
    item_id = await stock(admin, 2)
    for fields, there in (({"quantity": 3}, 2), ({"cableLength": "100 m"}, 0)):
        path = await in_progress(agent, bench, **fields)
        before = (await agent.get(path)).json()
        refused = await agent.patch(path, json={"status": "fulfilled", "title": "Done"})
        assert (refused.status_code, refused.json()["code"], refused.json()["onHand"]) == (409, "out_of_stock", there)
        assert (await agent.get(path)).json() == before
        assert (await agent.get(f"{path}/history")).json()["changes"] == []
    assert await on_hand(admin, item_id) == 2


async def test_of_fifty_who_fulfill_the_last_ten_at_once_ten_do(
    agent: httpx.AsyncClient, admin: httpx.AsyncClient, bench: Workbench
) -> None:
    item_id = await stock(admin, 10)
    paths = [await in_progress(agent, bench) for _ in range(50)]
    answers = await asyncio.gather(*(fulfilled(agent, path) for path in paths))
    assert Counter((answer.status_code, answer.json().get("code")) for answer in answers) == {
        (200, None): 10,
        (409, "out_of_stock"): 40,
    }
    assert await on_hand(admin, item_id) == 0
    now = Counter([(await agent.get(path)).json()["status"] for path in paths])
    assert now == {"fulfilled": 10, "in_progress": 40}


# By a bulk job


async def bulk(bench: Workbench, **payload: Any) -> Job:
    """Let a job fulfill tickets."""
    job = await bench.post(BulkUpdate(payload=BulkUpdatePayload(status="fulfilled", **payload)))
    await bench.lanes().run(job.id)
    return await bench.job(job.id)


async def codes(bench: Workbench, job: Job) -> dict[str, str | None]:
    """Return what became of each ticket, by its path."""
    return {f"/api/tickets/{item.ticket_id}": item.code for item in await bench.items(job.id)}


async def test_a_job_takes_from_stock_ticket_by_ticket_and_leaves_those_that_find_none(
    admin: httpx.AsyncClient, bench: Workbench
) -> None:
    item_id, other_id = await stock(admin, 5), await stock(admin, 2, CAT6 | {"cableLength": "50 m"})
    first = await in_progress(admin, bench, quantity=3)
    too_many = await in_progress(admin, bench, quantity=4)
    second = await in_progress(admin, bench, cableType="cat 6", quantity=2)
    none_left = await in_progress(admin, bench)
    unknown = await in_progress(admin, bench, cableType="Cat9")
    of_other = await in_progress(admin, bench, cableLength="50M", quantity=2)
    optics = (await admin.post("/api/tickets", json={"type": "optics", "fields": {"part": "SFP"}})).headers["location"]
    await bench.execute("update tickets set status = 'in_progress' where id = :id", id=UUID(optics[-36:]))
    general = (await admin.post("/api/tickets", json={"title": "Printer"})).headers["location"]
    paths = [first, too_many, second, none_left, unknown, of_other, optics, general]
    job = await bulk(bench, ticket_ids=[UUID(path[-36:]) for path in paths])
    assert await codes(bench, job) == {
        **dict.fromkeys((first, second, of_other, optics), "updated"),
        **dict.fromkeys((too_many, none_left, unknown), "out_of_stock"),
        general: "not_allowed",
    }
    assert [await on_hand(admin, each) for each in (item_id, other_id)] == [0, 0]
    statuses = {path: (await admin.get(path)).json()["status"] for path in paths[:-1]}
    assert statuses == {
        path: "in_progress" if path in {too_many, none_left, unknown} else "fulfilled" for path in paths[:-1]
    }
    [issued] = (await admin.get("/api/inventory/movements", params={"ticketId": second[-36:]})).json()["movements"]
    assert (issued["quantity"], issued["onHand"], issued["actor"]["username"]) == (-2, 0, "admin")
    [change] = (await admin.get(f"{first}/history")).json()["changes"]
    assert (change["before"], change["after"]) == ("in_progress", "fulfilled")


async def test_a_job_that_leaves_too_little_tells_it_once_for_each_item(
    admin: httpx.AsyncClient, bench: Workbench
) -> None:
    item_id = await stock(admin, 10)
    assert (await admin.patch(f"/api/inventory/items/{item_id}", json={"lowAt": 5})).status_code == 200
    for _ in range(8):
        await in_progress(admin, bench)
    assert (await bulk(bench, filter=TicketFilter(type="cable"))).succeeded == 8
    async with bench.engine.connect() as connection:
        found = await connection.execute(text("select data from events where type = 'inventory.low'"))
    assert [(event.data["item"]["id"], event.data["item"]["onHand"]) for event in found] == [(item_id, 2)]


async def test_what_is_fulfilled_already_takes_nothing_more_though_a_job_changes_it(
    admin: httpx.AsyncClient, bench: Workbench
) -> None:
    item_id = await stock(admin, 2)
    path = await in_progress(admin, bench)
    await fulfilled(admin, path)
    for payload, code in (({}, "unchanged"), ({"priority": "high"}, "updated")):
        assert await codes(bench, await bulk(bench, ticket_ids=[UUID(path[-36:])], **payload)) == {path: code}
    assert await on_hand(admin, item_id) == 1


async def test_what_found_none_is_tried_again_and_what_went_out_does_not_come_back(
    admin: httpx.AsyncClient, bench: Workbench
) -> None:
    item_id = await stock(admin, 1)
    for _ in range(3):
        await in_progress(admin, bench)
    wanted = {"type": "bulk-update", "payload": {"filter": {"type": "cable"}, "status": "fulfilled"}}
    assert (await admin.post("/api/jobs/preview", json=wanted)).json()["undoDays"] is None
    job = await bulk(bench, filter=TicketFilter(type="cable"))
    assert await bench.codes(job.id) == {"updated": 1, "out_of_stock": 2}
    with pytest.raises(NotUndoable):
        await bench.intake.undo(bench.caller, job.id)
    await stock(admin, 1)
    retry = await bench.intake.retry(bench.caller, job.id)
    await bench.lanes().run(retry.id)
    assert await bench.codes(retry.id) == {"updated": 1, "out_of_stock": 1}
    assert retry.undo_days is None
    assert await on_hand(admin, item_id) == 0


async def test_jobs_and_people_at_once_take_what_there_is_and_no_more(
    admin: httpx.AsyncClient, bench: Workbench
) -> None:
    item_id = await stock(admin, 15)
    paths = [await in_progress(admin, bench) for _ in range(40)]
    ids = [UUID(path[-36:]) for path in paths]
    outcomes = await asyncio.gather(
        bulk(bench, ticket_ids=ids[:15]),
        bulk(bench, ticket_ids=ids[10:25]),
        *(fulfilled(admin, path) for path in paths[20:]),
    )
    assert {answer.status_code for answer in outcomes if isinstance(answer, httpx.Response)} <= {200, 409}
    now = Counter([(await admin.get(path)).json()["status"] for path in paths])
    assert now == {"fulfilled": 15, "in_progress": 25}
    assert await on_hand(admin, item_id) == 0
