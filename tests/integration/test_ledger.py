"""Stock as fulfilling a ticket takes it: within a transaction, never below zero, whoever else does at that moment."""

import asyncio
from collections import Counter
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app import database
from app.inventory import ledger, store
from app.inventory.errors import OutOfStock
from app.inventory.models import Item, ItemKey, Movement
from app.inventory.queries import MovementQuery, StockQuery
from tests.support import backends
from tests.support.waiting import until
from tests.support.workbench import Workbench

CAT6, CAT5 = ItemKey("Cat6", "23AWG", "100 ft"), ItemKey("Cat5e", "24AWG", "100 ft")

# What a bulk job asks for: `position`, item and quantity of each of its tickets.
ISSUE_MANY = text(f"""
    with stock_wanted as materialized (
        select position, item_id, 'issued' as kind, -quantity as quantity, cast(null as text) as reason, ticket_id,
               cast(:actor_id as uuid) as actor_id
        from unnest(cast(:items as uuid[]), cast(:quantities as integer[]), cast(:tickets as uuid[]))
             with ordinality as wanted (item_id, quantity, ticket_id, position)
    ),
    {ledger.MOVING}
    select ticket_id from stock_moved
""")


class Wanted(NamedTuple):
    item_id: UUID
    quantity: int


async def stock(bench: Workbench, key: ItemKey, quantity: int) -> UUID:
    async with bench.engine.begin() as connection:
        return (await ledger.receive(connection, key, quantity, actor_id=bench.people.admin.id)).item_id


async def issue(bench: Workbench, key: ItemKey, quantity: int = 1, *, engine: AsyncEngine | None = None) -> Movement:
    async with (engine or bench.engine).begin() as connection:
        return await ledger.issue(connection, key, quantity, ticket_id=uuid4(), actor_id=bench.people.agent.id)


async def issue_many(connection: AsyncConnection, bench: Workbench, wanted: list[Wanted]) -> list[bool]:
    """Tell of each whether it was there."""
    tickets = [uuid4() for _ in wanted]
    values = {
        "items": [each.item_id for each in wanted],
        "quantities": [each.quantity for each in wanted],
        "tickets": tickets,
        "actor_id": bench.people.admin.id,
    }
    issued = set((await connection.execute(ISSUE_MANY, values)).scalars())
    return [ticket in issued for ticket in tickets]


async def items(bench: Workbench) -> list[Item]:
    async with bench.engine.connect() as connection:
        return await store.find_items(connection, StockQuery(limit=100), after=None)


async def movements(bench: Workbench) -> list[Movement]:
    """Return them all, the oldest first."""
    async with bench.engine.connect() as connection:
        return (await store.find_movements(connection, MovementQuery(limit=100_000), below_id=None))[::-1]


async def assert_that_it_adds_up(bench: Workbench) -> None:
    """Hold what is on hand against the ledger, line by line."""
    sums: Counter[UUID] = Counter()
    for movement in await movements(bench):
        sums[movement.item_id] += movement.quantity
        assert movement.on_hand == sums[movement.item_id] >= 0
    assert {item.id: item.on_hand for item in await items(bench)} == sums


async def test_what_comes_in_and_goes_out_is_on_record_with_what_there_was_then(bench: Workbench) -> None:
    item_id = await stock(bench, CAT6, 5)
    ticket_id = uuid4()
    async with bench.engine.begin() as connection:
        issued = await ledger.issue(connection, CAT6, 3, ticket_id=ticket_id, actor_id=bench.people.agent.id)
        await ledger.adjust(connection, item_id, -2, "Chewed by mice", actor_id=bench.people.admin.id)
    assert (issued.item_id, issued.ticket_id, issued.actor.username) == (item_id, ticket_id, "agent")
    told = [
        (movement.kind, movement.quantity, movement.on_hand, movement.reason) for movement in await movements(bench)
    ]
    assert told == [("received", 5, 5, None), ("issued", -3, 2, None), ("adjusted", -2, 0, "Chewed by mice")]
    await assert_that_it_adds_up(bench)


async def test_spaces_and_case_make_no_other_item(bench: Workbench) -> None:
    first = await stock(bench, ItemKey("Cat 6", "23 AWG", "100 ft"), 1)
    assert await stock(bench, ItemKey("CAT6", "23awg", "100 ft"), 1) == first
    assert await stock(bench, ItemKey("Cat6", "23AWG", "100 m"), 1) != first
    assert (await issue(bench, CAT6, 2)).item_id == first
    assert [item.cable_type for item in await items(bench)] == ["Cat 6", "Cat6"]


async def test_more_than_there_is_cannot_be_issued_and_nothing_is(bench: Workbench) -> None:
    await stock(bench, CAT6, 5)
    for key, quantity, there in ((CAT6, 6, 5), (CAT5, 1, 0)):
        with pytest.raises(OutOfStock) as refused:
            await issue(bench, key, quantity)
        assert refused.value.members == {"on_hand": there}
    await issue(bench, CAT6, 5)
    assert len(await movements(bench)) == 2
    await assert_that_it_adds_up(bench)


async def test_what_is_rolled_back_never_went_out(bench: Workbench) -> None:
    await stock(bench, CAT6, 1)
    async with bench.engine.connect() as connection, connection.begin() as transaction:
        await ledger.issue(connection, CAT6, 1, ticket_id=uuid4(), actor_id=bench.people.agent.id)
        await transaction.rollback()
    assert (await issue(bench, CAT6)).on_hand == 0
    await assert_that_it_adds_up(bench)


async def test_of_fifty_who_want_the_last_ten_at_once_ten_get_one(bench: Workbench) -> None:
    """Each in a transaction of its own; all of them are under way when the first one goes on."""
    item_id = await stock(bench, CAT6, 10)
    fifty = database.create_engine(bench.settings, application_name="tests", keeps_connections=False)
    async with bench.engine.begin() as holding:
        await store.lock_item(holding, item_id)
        waiting = [asyncio.create_task(issue(bench, CAT6, engine=fifty)) for _ in range(50)]
        await until(lambda: are_waiting(bench, 50))
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    refusals = [each for each in outcomes if isinstance(each, OutOfStock)]
    assert (len(outcomes) - len(refusals), len(refusals)) == (10, 40)
    assert [each.members for each in refusals] == [{"on_hand": 0}] * 40
    assert all(isinstance(each, Movement | OutOfStock) for each in outcomes)
    assert [item.on_hand for item in await items(bench)] == [0]
    await assert_that_it_adds_up(bench)


async def test_of_those_who_receive_something_new_at_once_none_is_lost(bench: Workbench) -> None:
    assert len(set(await asyncio.gather(*(stock(bench, CAT6, 1) for _ in range(20))))) == 1
    assert [item.on_hand for item in await items(bench)] == [20]
    await assert_that_it_adds_up(bench)


async def test_many_take_in_their_order_and_what_is_too_much_leaves_the_rest_to_others(bench: Workbench) -> None:
    cat6, cat5 = await stock(bench, CAT6, 10), await stock(bench, CAT5, 2)
    wanted = [
        Wanted(cat6, 4),
        Wanted(cat5, 1),
        Wanted(cat6, 7),
        Wanted(uuid4(), 1),
        Wanted(cat6, 5),
        Wanted(cat5, 2),
        Wanted(cat6, 1),
        Wanted(cat6, 1),
    ]
    async with bench.engine.begin() as connection:
        done = await issue_many(connection, bench, wanted)
    assert done == [True, True, False, False, True, False, True, False]
    assert [item.on_hand for item in await items(bench)] == [1, 0]
    await assert_that_it_adds_up(bench)


async def test_many_and_single_ones_at_once_never_take_what_is_not_there(bench: Workbench) -> None:
    ids = [await stock(bench, CAT6, 100), await stock(bench, CAT5, 100)]

    async def some(turn: int) -> int:
        wanted = [Wanted(ids[(turn + number) % 2], 1) for number in range(20)]
        async with bench.engine.begin() as connection:
            return sum(await issue_many(connection, bench, wanted))

    async def one(key: ItemKey) -> int:
        try:
            await issue(bench, key)
        except OutOfStock:
            return 0
        return 1

    singly = (one(key) for key in (CAT6, CAT5) for _ in range(20))
    issued = await asyncio.gather(*(some(turn) for turn in range(12)), *singly)
    assert sum(issued) == 200
    assert [item.on_hand for item in await items(bench)] == [0, 0]
    await assert_that_it_adds_up(bench)


@pytest.mark.parametrize("taken", [[4, 1, 1], [6], [5, -3, 1], [1, 1, 1, 1, 1, 1]], ids=str)
async def test_it_is_told_once_that_there_is_too_little(bench: Workbench, taken: list[int]) -> None:
    """When it is crossed downwards, and not by what goes out below it."""
    item_id = await stock(bench, CAT6, 10)
    async with bench.engine.begin() as connection:
        await store.set_low_at(connection, item_id, 5)
        for quantity in taken:
            await ledger.adjust(connection, item_id, -quantity, "Counted", actor_id=bench.people.admin.id)
    [told] = await rows(bench, "select subject_id, details from audit_log where action = 'inventory.low'")
    assert told.subject_id == item_id
    assert told.details == {"name": "Cat6 23AWG 100 ft", "lowAt": 5, "onHand": told.details["onHand"]}
    assert told.details["onHand"] <= 5
    [event] = await rows(bench, "select data from events where type = 'inventory.low'")
    cable = {"cableType": "Cat6", "cableGauge": "23AWG", "cableLength": "100 ft"}
    assert event.data["item"] == {"id": str(item_id), **cable, "lowAt": 5, "onHand": told.details["onHand"]}


async def test_the_ledger_is_never_changed(bench: Workbench) -> None:
    await stock(bench, CAT6, 1)
    for statement in (
        "update inventory_movements set quantity = 2",
        "delete from inventory_movements",
        "truncate inventory_movements",
    ):
        with pytest.raises(DBAPIError, match="never changed"):
            await bench.execute(statement)


async def are_waiting(bench: Workbench, count: int) -> bool:
    return await backends.count_waiting(bench.engine) == count


async def rows(bench: Workbench, statement: str) -> list[Any]:
    async with bench.engine.connect() as connection:
        return list((await connection.execute(text(statement))).all())
