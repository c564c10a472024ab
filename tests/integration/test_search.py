import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.jobs.operations.bulk_delete import BulkDelete
from app.jobs.operations.bulk_update import BulkUpdate, BulkUpdatePayload
from app.jobs.operations.operation import Targets
from app.tickets.filters import TicketFilter
from app.tickets.relevance import RANKED
from tests.integration.conftest import Client
from tests.support.people import People, add_tickets
from tests.support.servers import downgrade, migrate
from tests.support.waiting import until
from tests.support.workbench import Workbench


async def page_of(client: httpx.AsyncClient, wanted: str, **query: Any) -> dict[str, Any]:
    answer = await client.get("/api/tickets", params={"text": wanted, **query})
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


async def found(client: httpx.AsyncClient, wanted: str, **query: Any) -> list[UUID]:
    """Return what is found, in order; the count must agree."""
    page = await page_of(client, wanted, limit=100, **query)
    assert page["pagination"]["total"] == len(page["tickets"])
    return [UUID(ticket["id"]) for ticket in page["tickets"]]


async def comment(bench: Workbench, ticket_id: UUID, body: str, *, internal: bool = False) -> None:
    await bench.execute(
        "insert into comments (ticket_id, author_id, body, internal) values (:ticket, :author, :body, :internal)",
        ticket=ticket_id,
        author=bench.people.agent.id,
        body=body,
        internal=internal,
    )


@pytest.fixture
async def ids(bench: Workbench) -> list[UUID]:
    """Four tickets of the requester: the first has everything that can be found, the third nothing but its title."""
    ids = await bench.tickets(4)
    await bench.execute(
        """
        with contact as (
            insert into contacts (name, email, organization)
            values ('Grace Hopper', 'grace.hopper@navy.example', 'Harbor Systems') returning id
        )
        update tickets set title = 'Printer on fire', description = 'Paper jams, then smoke: see error-1703',
            contact_id = contact.id
        from contact where tickets.id = :id
        """,
        id=ids[0],
    )
    await bench.execute("update tickets set title = 'Smoke detector, fire drill' where id = :id", id=ids[1])
    await comment(bench, ids[0], "Unplugged the *toner* unit")
    await comment(bench, ids[0], "She is a troublesome customer", internal=True)
    return ids


async def number_of(client: httpx.AsyncClient, ticket_id: UUID) -> int:
    return int((await client.get(f"/api/tickets/{ticket_id}")).json()["number"])


@pytest.mark.parametrize(
    "wanted",
    [
        *("printer", "PRINTER", "prin", "paper smoke", "smoke printer", "err", "1703", "error-1703", "#1703"),
        *("toner", "*toner*", "unplug ton", "troublesome", "grace", "hopp", "Harbor", "navy.example"),
        *("grace.hopper@navy.example", "grace.hopper@na", '"grace hopper"', "printer grace toner troublesome jam"),
        *('"on fire"', '"printer on fire"', '"paper jams" smoke', '"jams, then"', '"printer on f', '"fire" "printer"'),
    ],
)
async def test_a_ticket_is_found_by_all_that_is_written_of_it(
    agent: httpx.AsyncClient, ids: list[UUID], wanted: str
) -> None:
    assert await found(agent, wanted) == [ids[0]]


@pytest.mark.parametrize(
    "wanted",
    [
        *("rinter", "printer drill", '"fire on"', '"prin"', '"on fire" drill', "170", "toners", "graceful"),
        *('"customer unplugged"', "printer & | ! nothing", "' or true --"),
    ],
)
async def test_and_by_nothing_else(agent: httpx.AsyncClient, ids: list[UUID], wanted: str) -> None:
    assert await found(agent, wanted) == []


async def test_a_ticket_is_found_by_its_number(agent: httpx.AsyncClient, bench: Workbench) -> None:
    ids = await bench.tickets(12)
    await bench.execute("update tickets set title = 'Something'")
    numbers = [await number_of(agent, ticket_id) for ticket_id in ids]
    for wanted in (str(numbers[0]), f"#{numbers[0]}", f"#{numbers[0]} some"):
        assert await found(agent, wanted) == [ids[0]]


async def test_text_holds_with_other_fields(agent: httpx.AsyncClient, ids: list[UUID], bench: Workbench) -> None:
    await bench.execute("update tickets set status = 'closed' where id = :id", id=ids[1])
    assert await found(agent, "fire", status="closed") == [ids[1]]
    assert await found(agent, "fire", status=["open", "closed"], sort="created") == ids[:2]
    assert await found(agent, "fire", number=await number_of(agent, ids[0])) == [ids[0]]
    assert await found(agent, "fire", priority="normal", requesterId=str(bench.people.requester.id)) == ids[1::-1]
    await agent.delete(f"/api/tickets/{ids[0]}")
    assert await found(agent, "fire") == [ids[1]]
    assert await found(agent, "fire", deleted="true") == [ids[0]]


async def test_what_is_found_is_what_is_written_now(
    agent: httpx.AsyncClient, bench: Workbench, ids: list[UUID]
) -> None:
    path = f"/api/tickets/{ids[2]}"
    assert (await agent.patch(path, json={"title": "Scanner", "description": "Stripes"})).status_code == 200
    assert await found(agent, "scanner stripes") == [ids[2]]
    assert await found(agent, "ticket") == [ids[3]]
    await bench.execute("update contacts set name = 'Ada King', organization = 'Engines'")
    assert (await found(agent, "ada engines"), await found(agent, "hopper harbor")) == ([ids[0]], [])
    await bench.execute("update tickets set contact_id = (select id from contacts) where id = :id", id=ids[2])
    assert await found(agent, "ada scanner") == [ids[2]]
    await bench.execute("update tickets set contact_id = null")
    assert await found(agent, "ada") == []
    await bench.execute("update comments set body = 'Bought a new one' where not internal")
    assert (await found(agent, "bought"), await found(agent, "toner")) == ([ids[0]], [])
    await bench.execute("update comments set ticket_id = :to where not internal", to=ids[3])
    assert await found(agent, "bought") == [ids[3]]
    await bench.execute("delete from comments")
    assert await found(agent, "bought") == await found(agent, "troublesome") == []
    created = await agent.post("/api/tickets", json={"title": "Projector", "description": "Dim"})
    assert await found(agent, "projector dim") == [UUID(created.json()["id"])]
    await bench.execute("delete from tickets where id = :id", id=ids[0])
    assert await found(agent, "printer") == []


async def test_a_requester_finds_their_own_by_what_they_may_see(
    requester: httpx.AsyncClient, bench: Workbench, ids: list[UUID], people: People
) -> None:
    [theirs] = await add_tickets(bench.engine, people.other_requester, 1)
    await comment(bench, theirs, "toner")
    for wanted in ("printer", "smoke printer", "toner", '"on fire"', "error 1703"):
        assert await found(requester, wanted) == [ids[0]]
    for wanted in ("troublesome", "toner troublesome", "grace", "harbor", "navy", '"unit grace"', '"unit she"'):
        assert await found(requester, wanted) == []


async def test_what_a_requester_may_not_see_does_not_move_what_they_find(
    client: Client, bench: Workbench, ids: list[UUID], people: People
) -> None:
    for index in (2, 3):
        await comment(bench, ids[index], "The lamp flickers")
    await comment(bench, ids[2], "lamp lamp lamp", internal=True)
    async with client(people.agent) as agent, client(people.requester) as requester:
        assert await found(agent, "lamp") == [ids[2], ids[3]]
        assert await found(requester, "lamp") == [ids[3], ids[2]]


async def test_best_first_of_equals_the_newest(agent: httpx.AsyncClient, bench: Workbench) -> None:
    ids = await bench.tickets(5)
    await bench.execute("update tickets set title = 'A modem' where id = any(:ids)", ids=[ids[0], ids[1]])
    await bench.execute("update tickets set description = 'The modem' where id = :id", id=ids[2])
    await comment(bench, ids[3], "Which modem?")
    assert await found(agent, "modem") == [ids[1], ids[0], ids[2], ids[3]]
    assert await found(agent, "modem", sort="relevance") == [ids[1], ids[0], ids[2], ids[3]]
    assert await found(agent, "modem", sort="-created") == [ids[3], ids[2], ids[1], ids[0]]
    newest = await agent.get("/api/tickets", params={"sort": "relevance"})
    assert [UUID(ticket["id"]) for ticket in newest.json()["tickets"]] == ids[::-1]


async def test_pages_and_cursors_by_relevance_hold_each_ticket_once(agent: httpx.AsyncClient, bench: Workbench) -> None:
    ids = await bench.tickets(12)
    await bench.execute("update tickets set description = repeat('ticket ', number::int % 4)")
    in_order = await found(agent, "ticket")
    assert sorted(in_order) == sorted(ids)
    pages = [await page_of(agent, "ticket", limit=5, page=number) for number in (1, 2, 3)]
    by_cursor = [await page_of(agent, "ticket", limit=5)]
    while by_cursor[-1]["nextCursor"]:
        await bench.execute(
            "update tickets set deleted_at = now() where id = :id", id=by_cursor[-1]["tickets"][-1]["id"]
        )
        by_cursor.append(await page_of(agent, "ticket", limit=5, cursor=by_cursor[-1]["nextCursor"]))
    for parts in (pages, by_cursor):
        assert [UUID(ticket["id"]) for part in parts for ticket in part["tickets"]] == in_order


async def test_so_many_are_ranked_and_all_are_counted(agent: httpx.AsyncClient, bench: Workbench) -> None:
    ids = await bench.tickets(RANKED + 5)
    last = await page_of(agent, "ticket", limit=100, page=RANKED // 100)
    assert last["tickets"][-1]["id"] == str(ids[5])
    assert last["nextCursor"] is None
    assert (last["pagination"]["total"], last["pagination"]["totalIsExact"]) == (RANKED, False)
    assert (await page_of(agent, "ticket", sort="-created"))["pagination"]["total"] == RANKED + 5
    assert (await page_of(agent, "ticket", limit=100, page=RANKED // 100 + 1))["tickets"] == []


async def test_a_job_by_text_is_about_all_that_the_list_shows(
    admin: httpx.AsyncClient, bench: Workbench, ids: list[UUID]
) -> None:
    ids += await bench.tickets(RANKED + 5)
    wanted = {"type": "bulk-delete", "payload": {"filter": {"text": "tick"}}}
    preview = (await admin.post("/api/jobs/preview", json=wanted)).json()
    shown = (await page_of(admin, "tick", sort="created"))["pagination"]["total"]
    job = await bench.post(BulkDelete(payload=Targets(filter=TicketFilter(text="tick"))))
    await bench.lanes().run(job.id)
    assert (await bench.job(job.id)).succeeded == shown == preview["total"] == RANKED + 7
    assert await found(admin, "tick") == []
    assert await found(admin, "fire") == [ids[1], ids[0]]


async def test_bulk_work_does_not_write_what_is_searched(bench: Workbench, ids: list[UUID]) -> None:
    versions = "select ticket_id, xmin::text, ctid::text from ticket_texts order by ticket_id"
    before = await rows(bench.engine, versions)
    targets = Targets(filter=TicketFilter(text="fire"))
    update = BulkUpdatePayload(filter=targets.filter, priority="high")
    for request in (BulkUpdate(payload=update), BulkDelete(payload=targets)):
        job = await bench.post(request)
        await bench.lanes().run(job.id)
        assert (await bench.job(job.id)).succeeded == 2
    assert await rows(bench.engine, versions) == before


async def test_of_two_comments_at_the_same_time_none_is_lost(
    agent: httpx.AsyncClient, bench: Workbench, ids: list[UUID]
) -> None:
    async with bench.engine.begin() as connection:
        insert = text("insert into comments (ticket_id, author_id, body) values (:ticket, :author, 'Elephant')")
        await connection.execute(insert, {"ticket": ids[3], "author": bench.people.agent.id})
        second = asyncio.create_task(comment(bench, ids[3], "Giraffe"))
        await waits_for_a_lock(bench)
    await second
    assert await found(agent, "elephant giraffe") == [ids[3]]


async def test_a_ticket_that_is_made_while_its_contact_is_renamed_has_the_new_name(
    agent: httpx.AsyncClient, bench: Workbench, ids: list[UUID]
) -> None:
    async with bench.engine.begin() as connection:
        await connection.execute(text("update contacts set name = 'Ada King'"))
        named = "update tickets set contact_id = (select id from contacts) where id = :id"
        second = asyncio.create_task(bench.execute(named, id=ids[3]))
        await waits_for_a_lock(bench)
    await second
    assert await found(agent, "king") == [ids[3], ids[0]]


async def test_of_endless_talk_the_newest_part_is_found(
    agent: httpx.AsyncClient, bench: Workbench, ids: list[UUID]
) -> None:
    await bench.execute(
        """
        insert into comments (ticket_id, author_id, body, internal)
        select :ticket, :author, 'no' || n || ' ' || (
            select string_agg(chr(131072 + (n * 7 + m) % 40000), ' ') from generate_series(1, 9990) as m
        ), n % 2 = 0
        from generate_series(1, 60) as n
        """,
        ticket=ids[3],
        author=bench.people.agent.id,
    )
    await comment(bench, ids[3], "x" * 20_000)
    await comment(bench, ids[3], "Finally done")
    assert await found(agent, "finally") == await found(agent, "no60") == [ids[3]]
    assert await found(agent, "no1") == []


@pytest.mark.parametrize(
    ("wanted", "query"),
    [
        ("paper jam", "'paper':* & 'jam':*"),
        ('"Paper  JAM"', "'paper' <-> 'jam'"),
        ('"paper jam', "'paper' <-> 'jam':*"),
        ('say "paper jam" now', "'say':* & 'paper' <-> 'jam' & 'now':*"),
        ("ada@example.com", "'ada' <-> 'example' <-> 'com':*"),
        ("#10412 10412 v2", "'10412' & '10412' & 'v2':*"),
        ("Ärger 東京", "'ärger':* & '東京':*"),
        ("a|b !c:* (d) <-> e & \\ '", "'a' <-> 'b':* & 'c':* & 'd':* & 'e':*"),
        ("x-7", "'x' <-> '7':*"),
        *((nothing, None) for nothing in ("", " ", "!", "&|!:*()<->", '"', '""', "'", "\\", "😀", "“—”", '"..." ?')),
    ],
)
async def test_what_people_type_becomes_a_query(engine: AsyncEngine, wanted: str, query: str | None) -> None:
    [[made]] = await rows(engine, "select search_query(:wanted)::text", wanted=wanted)
    assert made == query


async def test_whatever_people_type_is_no_error(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        loop = asyncio.get_running_loop()

        async def search(wanted: str) -> None:
            matches = "select to_tsvector('simple', search_words(:wanted)) @@ search_query(:wanted)"
            assert await connection.scalar(text(matches), {"wanted": wanted}) in {True, None}

        @settings(max_examples=300, deadline=None)
        @given(
            st.text(
                st.characters(exclude_characters="\0", codec="utf-8") | st.sampled_from("\"'\\&|!:*<->() 1#"),
                max_size=255,
            )
        )
        def any_text(wanted: str) -> None:
            asyncio.run_coroutine_threadsafe(search(wanted), loop).result()

        await asyncio.to_thread(any_text)


@pytest.mark.parametrize("wanted", ["!", "&|!:*()<->", '""', "😀", "\\", "'"])
async def test_where_there_is_no_word_nothing_is_found(agent: httpx.AsyncClient, ids: list[UUID], wanted: str) -> None:
    assert await found(agent, wanted) == await found(agent, wanted, sort="created") == []


async def test_tickets_of_before_are_found_too(agent: httpx.AsyncClient, bench: Workbench, database_url: str) -> None:
    await asyncio.to_thread(downgrade, database_url, "-1")
    ids = await bench.tickets(3)
    await asyncio.to_thread(migrate, database_url)
    assert await found(agent, "ticket") == ids[::-1]


async def rows(engine: AsyncEngine, statement: str, **values: object) -> list[tuple[Any, ...]]:
    async with engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(text(statement), values)]


async def waits_for_a_lock(bench: Workbench) -> None:
    async def is_waiting() -> bool:
        return await rows(bench.engine, "select count(*) from pg_locks where not granted") != [(0,)]

    await until(is_waiting)
