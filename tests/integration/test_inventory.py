import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.inventory import ledger
from app.inventory.models import ItemKey
from tests.integration.conftest import Client
from tests.support.people import People
from tests.support.workbench import Workbench

Json = dict[str, Any]
CABLE: Json = {"cableType": "Cat6", "cableGauge": "23AWG", "cableLength": "100 ft"}


async def received(admin: httpx.AsyncClient, quantity: int = 10, **cable: str) -> Json:
    answer = await admin.post("/api/cable-receiving", json=CABLE | cable | {"quantity": quantity})
    assert answer.status_code == 201, answer.text
    movement: Json = answer.json()
    return movement


async def adjusted(admin: httpx.AsyncClient, item_id: str, quantity: int, reason: str = "Counted") -> httpx.Response:
    body = {"itemId": item_id, "quantity": quantity, "reason": reason}
    return await admin.post("/api/inventory/adjustments", json=body)


async def on_hand(client: httpx.AsyncClient, **query: Any) -> list[Json]:
    found: list[Json] = (await client.get("/api/inventory/on-hand", params=query)).json()["items"]
    return found


async def movements(client: httpx.AsyncClient, **query: Any) -> list[Json]:
    found: list[Json] = (await client.get("/api/inventory/movements", params=query)).json()["movements"]
    return found


async def test_what_was_received_is_on_hand_and_on_record(
    admin: httpx.AsyncClient, agent: httpx.AsyncClient, people: People
) -> None:
    movement = await received(admin, cableLength="100")
    assert movement.items() >= (CABLE | {"kind": "received", "quantity": 10, "onHand": 10}).items()
    assert movement["actor"] == {"id": str(people.admin.id), "username": "admin"}
    assert (movement["reason"], movement["ticketId"]) == (None, None)
    more = await received(admin, 5)
    [item] = await on_hand(agent)
    assert item == CABLE | {
        "id": movement["itemId"],
        "onHand": 15,
        "lowAt": None,
        "low": False,
        "updatedAt": item["updatedAt"],
    }
    assert (await agent.get(f"/api/inventory/items/{item['id']}")).json() == item
    assert await movements(agent) == [more, movement]
    assert (await admin.get("/api/cable-receiving")).json() == {"movements": [more, movement], "nextCursor": None}


async def test_a_request_that_comes_twice_is_received_once(
    admin: httpx.AsyncClient, client: Client, people: People
) -> None:
    body, headers = CABLE | {"quantity": 10}, {"Idempotency-Key": "delivery-4711"}
    both = await asyncio.gather(*(admin.post("/api/cable-receiving", json=body, headers=headers) for _ in range(2)))
    assert [answer.status_code for answer in both] == [201, 201]
    assert {answer.headers.get("idempotency-replayed") for answer in both} == {None, "true"}
    assert both[0].json() == both[1].json()
    again = await admin.post("/api/cable-receiving", json=body | {"cableLength": "100"}, headers=headers)
    assert (again.json(), again.headers["idempotency-replayed"]) == (both[0].json(), "true")
    [item] = await on_hand(admin)
    assert item["onHand"] == 10
    async with client(people.other_admin) as other_admin:  # a key is its user's
        assert (await other_admin.post("/api/cable-receiving", json=body, headers=headers)).json()["onHand"] == 20


async def test_a_key_is_for_one_request(admin: httpx.AsyncClient, bench: Workbench) -> None:
    headers = {"Idempotency-Key": "delivery-4711"}
    body = {"type": "bulk-delete", "payload": {"ticketIds": [str(each) for each in await bench.tickets(1)]}}
    assert (await admin.post("/api/cable-receiving", json=CABLE | {"quantity": 1}, headers=headers)).is_success
    for path, other in (("/api/cable-receiving", CABLE | {"quantity": 2}), ("/api/jobs", body)):
        refused = await admin.post(path, json=other, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    wrong = await admin.post("/api/cable-receiving", json=CABLE | {"quantity": 1}, headers={"Idempotency-Key": "a b"})
    assert wrong.status_code == 400
    [item] = await on_hand(admin)
    assert item["onHand"] == 1


async def test_they_are_listed_by_type_and_gauge_from_short_to_long(admin: httpx.AsyncClient) -> None:
    wanted = [
        ("Cat5e", "24AWG", "500 ft"),
        ("Cat6", "22AWG", "1 ft"),
        ("Cat6", "23AWG", "7.5 ft"),
        ("Cat6", "23AWG", "25 ft"),
        ("Cat6", "23AWG", "100 ft"),
        ("Cat6", "23AWG", "3 m"),
        ("cat6a", "23AWG", "3 m"),
    ]
    for cable in reversed(wanted):
        await received(admin, 1, **dict(zip(CABLE, cable, strict=True)))
    listed: list[tuple[str, ...]] = []
    cursor: Json = {}
    while cursor is not None:
        page = (await admin.get("/api/inventory/on-hand", params={"limit": 2, **cursor})).json()
        listed += [tuple(item[name] for name in CABLE) for item in page["items"]]
        cursor = page["nextCursor"] and {"cursor": page["nextCursor"]}
    assert listed == wanted


async def test_movements_are_filtered_and_paged(
    admin: httpx.AsyncClient, agent: httpx.AsyncClient, bench: Workbench, people: People
) -> None:
    item_id, ticket_id = (await received(admin))["itemId"], uuid4()
    other_id = (await received(admin, cableType="Cat5e"))["itemId"]
    await adjusted(admin, item_id, -1)
    async with bench.engine.begin() as connection:
        key = ItemKey.of(*CABLE.values())
        await ledger.issue(connection, key, 2, ticket_id=ticket_id, actor_id=people.agent.id)
    everything = await movements(agent)
    issued, adjustment, other, first = everything
    assert (issued["quantity"], issued["onHand"], issued["ticketId"]) == (-2, 7, str(ticket_id))
    assert (adjustment["quantity"], adjustment["reason"]) == (-1, "Counted")
    assert await movements(agent, itemId=other_id) == [other]
    assert await movements(agent, kind="received") == [other, first]
    assert await movements(agent, itemId=item_id, kind="received") == [first]
    assert await movements(agent, ticketId=str(ticket_id)) == [issued]
    seen: list[Json] = []
    cursor: Json = {}
    while cursor is not None:
        page = (await agent.get("/api/inventory/movements", params={"limit": 3, **cursor})).json()
        seen += page["movements"]
        cursor = page["nextCursor"] and {"cursor": page["nextCursor"]}
    assert seen == everything
    page = (await admin.get("/api/cable-receiving", params={"limit": 1})).json()
    assert page["movements"] == [other]
    rest = await admin.get("/api/cable-receiving", params={"limit": 1, "cursor": page["nextCursor"]})
    assert rest.json() == {"movements": [first], "nextCursor": None}


async def test_an_adjustment_never_leaves_less_than_nothing(admin: httpx.AsyncClient) -> None:
    item_id = (await received(admin, 3))["itemId"]
    refused = await adjusted(admin, item_id, -4)
    assert (refused.status_code, refused.json()["code"], refused.json()["onHand"]) == (409, "out_of_stock", 3)
    assert (await adjusted(admin, item_id, -3)).json()["onHand"] == 0
    assert (await adjusted(admin, item_id, 1)).json()["onHand"] == 1
    assert (await adjusted(admin, str(uuid4()), 1)).status_code == 404
    assert [movement["quantity"] for movement in await movements(admin)] == [1, -3, 3]


async def test_too_little_is_said_of_an_item_and_in_the_audit_log(admin: httpx.AsyncClient, people: People) -> None:
    item_id = (await received(admin, 10))["itemId"]
    other_id = (await received(admin, 1, cableType="Cat5e"))["itemId"]
    path = f"/api/inventory/items/{item_id}"
    changed = await admin.patch(path, json={"lowAt": 5})
    assert (changed.status_code, changed.json()["lowAt"], changed.json()["low"]) == (200, 5, False)
    assert await on_hand(admin, low="true") == []
    await adjusted(admin, item_id, -5)
    assert [item["id"] for item in await on_hand(admin, low="true")] == [item_id]
    assert [item["id"] for item in await on_hand(admin, low="false")] == [other_id]
    low, change = (await admin.get("/api/audit", params={"subjectId": item_id})).json()["entries"]
    name = "Cat6 23AWG 100 ft"
    assert (change["action"], change["actorId"]) == ("inventory.changed", str(people.admin.id))
    assert change["details"] == {"name": name, "lowAt": [None, 5]}
    assert (low["action"], low["actorId"]) == ("inventory.low", None)
    assert low["details"] == {"name": name, "onHand": 5, "lowAt": 5}
    assert (await admin.patch(path, json={"lowAt": None})).json()["low"] is False
    assert (await admin.patch(f"/api/inventory/items/{uuid4()}", json={"lowAt": 1})).status_code == 404


@pytest.mark.parametrize(
    ("path", "body", "where"),
    [
        ("cable-receiving", {"quantity": 0}, "$.quantity"),
        ("cable-receiving", {"quantity": 1_000_001}, "$.quantity"),
        ("cable-receiving", {"quantity": "1"}, "$.quantity"),
        ("cable-receiving", {"cableType": ""}, "$.cableType"),
        ("cable-receiving", {"cableGauge": "23\nAWG"}, "$.cableGauge"),
        ("cable-receiving", {"cableLength": "0 ft"}, "$.cableLength"),
        ("cable-receiving", {"cableLength": 100}, "$.cableLength"),
        ("cable-receiving", {"onHand": 100}, "$"),
        ("inventory/adjustments", {"quantity": 0}, "$.quantity"),
        ("inventory/adjustments", {"quantity": -1_000_001}, "$.quantity"),
        ("inventory/adjustments", {"reason": ""}, "$.reason"),
        ("inventory/adjustments", {"reason": "a\x00b"}, "$.reason"),
        ("inventory/adjustments", {"itemId": "Cat6"}, "$.itemId"),
    ],
)
async def test_what_makes_no_sense_is_refused_where_it_makes_none(
    admin: httpx.AsyncClient, path: str, body: Json, where: str
) -> None:
    good = {
        "cable-receiving": CABLE | {"quantity": 1},
        "inventory/adjustments": {"itemId": (await received(admin))["itemId"], "quantity": 1, "reason": "Counted"},
    }
    refused = await admin.post(f"/api/{path}", json=good[path] | body)
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (400, where)
    assert (await admin.post(f"/api/{path}", json=good[path])).status_code == 201
