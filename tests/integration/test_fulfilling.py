"""Requests for cable are fulfilled from stock, or not at all."""

import asyncio
from collections import Counter
from typing import Any
from uuid import UUID

import httpx

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
