import asyncio
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts.models import User
from tests.support.people import People, add_tickets

WHOLE = {"title": "Toner is empty", "description": "Cyan.", "status": "in_progress", "priority": "high"}
WRITES = {"PUT": WHOLE, "PATCH": {"title": "Toner is empty"}}


async def one_of(engine: AsyncEngine, owner: User) -> str:
    [ticket_id] = await add_tickets(engine, owner, 1)
    return f"/api/tickets/{ticket_id}"


async def row_of(engine: AsyncEngine, path: str) -> dict[str, Any]:
    async with engine.connect() as connection:
        found = await connection.execute(
            text("select * from tickets where id = cast(:id as uuid)"), {"id": path.rpartition("/")[2]}
        )
        return dict(found.mappings().one())


async def page_of(client: httpx.AsyncClient, **parameters: str | int) -> Any:
    answer = await client.get("/api/tickets", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def titles_of(client: httpx.AsyncClient, **parameters: str | int) -> list[str]:
    return [ticket["title"] for ticket in (await page_of(client, **parameters))["tickets"]]


async def test_a_new_ticket_can_be_read_back(requester: httpx.AsyncClient, people: People) -> None:
    created = await requester.post("/api/tickets", json={"title": "Printer on fire", "priority": "urgent"})
    assert created.status_code == 201
    ticket = created.json()
    assert ticket["requesterId"] == str(people.requester.id)
    assert (ticket["status"], ticket["version"], ticket["description"]) == ("open", 1, "")
    read = await requester.get(created.headers["location"])
    assert read.json() == ticket
    assert read.headers["etag"] == '"1"'


async def test_tickets_get_numbers_that_only_grow(agent: httpx.AsyncClient) -> None:
    created = [(await agent.post("/api/tickets", json={"title": f"No. {number}"})).json() for number in range(3)]
    numbers = [ticket["number"] for ticket in created]
    assert numbers == sorted(set(numbers))
    assert created[0]["priority"] == "normal"


async def test_a_title_comes_back_as_it_was_sent(requester: httpx.AsyncClient) -> None:
    for title in ("x", "x" * 255, "🖨️" * 127, "'; drop table tickets; --", "two\nlines", r"\u0000", "\u007f\ufffe"):
        created = await requester.post("/api/tickets", json={"title": title, "description": title * 70})
        assert created.status_code == 201
        read = (await requester.get(created.headers["location"])).json()
        assert (read["title"], read["description"]) == (title, title * 70)


async def test_put_replaces_everything_a_user_may_write(
    requester: httpx.AsyncClient, engine: AsyncEngine, people: People
) -> None:
    path = await one_of(engine, people.requester)
    before = (await requester.get(path)).json()
    replaced = await requester.put(path, json=WHOLE)
    assert replaced.status_code == 200
    after = replaced.json()
    assert after == {**before, **WHOLE, "version": 2, "updatedAt": after["updatedAt"]}
    assert after["updatedAt"] != before["updatedAt"]
    assert replaced.headers["etag"] == '"2"'
    assert (await requester.get(path)).json() == after


async def test_patch_changes_what_it_names_and_nothing_else(
    requester: httpx.AsyncClient, engine: AsyncEngine, people: People
) -> None:
    path = await one_of(engine, people.requester)
    expected = (await requester.get(path)).json()
    for version, (field, value) in enumerate(WHOLE.items(), start=2):
        patched = (await requester.patch(path, json={field: value})).json()
        expected |= {field: value, "version": version, "updatedAt": patched["updatedAt"]}
        assert patched == expected
    assert (await requester.get(path)).json() == expected


async def test_a_patch_that_names_nothing_is_refused(
    requester: httpx.AsyncClient, engine: AsyncEngine, people: People
) -> None:
    path = await one_of(engine, people.requester)
    before = await row_of(engine, path)
    refused = await requester.patch(path, json={})
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_request")
    assert [error["path"] for error in refused.json()["errors"]] == ["$"]
    assert await row_of(engine, path) == before


async def test_pages_are_newest_first_and_hold_each_ticket_once(
    agent: httpx.AsyncClient, engine: AsyncEngine, people: People
) -> None:
    ids = [str(ticket_id) for ticket_id in await add_tickets(engine, people.requester, 45)]
    pages = [await page_of(agent, page=page) for page in (1, 2, 3)]
    assert [ticket["id"] for page in pages for ticket in page["tickets"]] == ids[::-1]
    assert [page["pagination"] for page in pages] == [
        {"page": number, "limit": 20, "total": 45, "totalPages": 3, "totalIsExact": True} for number in (1, 2, 3)
    ]
    assert await page_of(agent) == pages[0]
    past_the_end = await page_of(agent, page=4)
    assert past_the_end == {"tickets": [], "pagination": pages[0]["pagination"] | {"page": 4}, "nextCursor": None}


async def test_pages_are_stable_among_tickets_of_one_moment(
    agent: httpx.AsyncClient, engine: AsyncEngine, people: People
) -> None:
    ids = {str(ticket_id) for ticket_id in await add_tickets(engine, people.requester, 30)}
    async with engine.begin() as connection:
        await connection.execute(text("update tickets set created_at = now()"))
    pages = [await page_of(agent, page=page, limit=5) for page in [*range(1, 7), *range(1, 7)]]
    listed = [ticket["id"] for page in pages for ticket in page["tickets"]]
    assert listed[:30] == listed[30:]
    assert len(listed) == 60
    assert set(listed) == ids


async def test_cursors_lead_through_all_tickets_whatever_is_added_or_deleted_meanwhile(
    agent: httpx.AsyncClient, engine: AsyncEngine, people: People
) -> None:
    ids = [str(ticket_id) for ticket_id in await add_tickets(engine, people.requester, 25)][::-1]
    at_one_moment = "update tickets set created_at = '1969-12-31T23:59:59.999999Z' where number <= 12"
    newest = "update tickets set created_at = now() + interval '1 day' where number > 25"
    async with engine.begin() as connection:
        await connection.execute(text(at_one_moment))
    first = await page_of(agent, limit=10, text="Ticket")
    await add_tickets(engine, people.requester, 3)
    async with engine.begin() as connection:
        await connection.execute(text(newest))
    await agent.delete(f"/api/tickets/{ids[9]}")  # the cursor's own
    second = await page_of(agent, limit=10, text="Ticket", cursor=first["nextCursor"])
    third = await page_of(agent, limit=10, text="Ticket", cursor=second["nextCursor"])
    assert [ticket["id"] for page in (first, second, third) for ticket in page["tickets"]] == ids
    assert third["nextCursor"] is None
    for wrong in ({"cursor": first["nextCursor"]}, {"text": "Ticket", "cursor": first["nextCursor"], "page": 2}):
        assert (await agent.get("/api/tickets", params=wrong)).status_code == 400


async def test_a_list_too_long_to_count_says_so(agent: httpx.AsyncClient, engine: AsyncEngine, people: People) -> None:
    await add_tickets(engine, people.requester, 10_000)
    exact = {"page": 1, "limit": 20, "total": 10_000, "totalPages": 500, "totalIsExact": True}
    assert (await page_of(agent))["pagination"] == exact
    await add_tickets(engine, people.requester, 1)
    assert (await page_of(agent))["pagination"] == exact | {"totalIsExact": False}
    assert len((await page_of(agent, page=501))["tickets"]) == 1


async def test_a_page_holds_none_one_or_up_to_a_hundred(
    agent: httpx.AsyncClient, engine: AsyncEngine, people: People
) -> None:
    empty = {"page": 1, "limit": 20, "total": 0, "totalPages": 0, "totalIsExact": True}
    assert await page_of(agent) == {"tickets": [], "pagination": empty, "nextCursor": None}
    await add_tickets(engine, people.requester, 101)
    smallest, largest = await page_of(agent, limit=1), await page_of(agent, limit=100)
    assert (len(smallest["tickets"]), smallest["pagination"]["totalPages"]) == (1, 101)
    assert (len(largest["tickets"]), largest["pagination"]["totalPages"]) == (100, 2)


async def test_the_list_is_filtered_by_status_and_text_together(agent: httpx.AsyncClient) -> None:
    statuses = ["open", "in_progress", "pending", "resolved", "closed"]
    for status in statuses:
        for title in (f"Mouse, {status}", f"Keyboard, {status}"):
            await agent.post("/api/tickets", json={"title": title, "status": status})
    for status in statuses:
        assert await titles_of(agent, status=status) == [f"Keyboard, {status}", f"Mouse, {status}"]
        found = await page_of(agent, status=status, text="mouse", limit=1)
        assert [ticket["title"] for ticket in found["tickets"]] == [f"Mouse, {status}"]
        assert (found["pagination"]["total"], found["pagination"]["totalPages"]) == (1, 1)


async def test_text_is_searched_for_word_by_word_in_any_case(agent: httpx.AsyncClient) -> None:
    for title in (
        "100% of RAM used",
        "100 percent of RAM used",
        "file_name is wrong",
        "filename is wrong",
        r"C:\temp is full",
        "Größe ÄNDERN",
        "🖨️ jams",
        'it\'s "quoted"',
    ):
        await agent.post("/api/tickets", json={"title": title, "description": "needle"})
    expected = {
        "100%": ["100 percent of RAM used", "100% of RAM used"],
        "ram USED": ["100 percent of RAM used", "100% of RAM used"],
        "file": ["filename is wrong", "file_name is wrong"],
        "file_n": ["file_name is wrong"],
        "C:/temp": [r"C:\temp is full"],
        "ändern größe": ["Größe ÄNDERN"],
        "GRÖ": ["Größe ÄNDERN"],
        "it's \"q": ['it\'s "quoted"'],
        "amm": [],
        "🖨": [],
        "%": [],
        "' or true --": [],
    }
    found = {wanted: await titles_of(agent, text=wanted) for wanted in expected}
    assert found == expected


async def test_a_requester_meets_their_own_tickets_only(
    requester: httpx.AsyncClient, engine: AsyncEngine, people: People
) -> None:
    own, others = await one_of(engine, people.requester), await one_of(engine, people.other_requester)
    before = await row_of(engine, others)
    listed = await page_of(requester)
    assert [ticket["id"] for ticket in listed["tickets"]] == [own.rpartition("/")[2]]
    assert listed["pagination"]["total"] == 1
    assert await titles_of(requester, text="Ticket", status="open") == ["Ticket 1"]

    async def answers_at(path: str) -> list[tuple[int, dict[str, Any]]]:
        conditions: list[dict[str, str]] = [{}, {"If-Match": '"1"'}, {"If-Match": '"7"'}, {"If-Match": "*"}]
        answers = [await requester.get(path)]
        answers += [await requester.patch(path, json={"title": "Mine"}, headers=match) for match in conditions]
        answers += [await requester.put(path, json=WHOLE, headers=match) for match in conditions]
        return [(answer.status_code, answer.json() | {"requestId": ""}) for answer in answers]

    theirs, unknown = await answers_at(others), await answers_at(f"/api/tickets/{uuid4()}")
    assert {status for status, _ in theirs} == {404}
    assert theirs == unknown
    assert await row_of(engine, others) == before


async def test_a_requester_deletes_nothing_not_even_their_own(
    requester: httpx.AsyncClient, engine: AsyncEngine, people: People
) -> None:
    paths = [await one_of(engine, people.requester), await one_of(engine, people.other_requester)]
    before = [await row_of(engine, path) for path in paths]
    answers = [await requester.delete(path) for path in [*paths, f"/api/tickets/{uuid4()}"]]
    assert [answer.status_code for answer in answers] == [403] * 3
    assert [await row_of(engine, path) for path in paths] == before


async def test_staff_work_on_the_tickets_of_all(
    agent: httpx.AsyncClient, admin: httpx.AsyncClient, engine: AsyncEngine, people: People
) -> None:
    for staff in (agent, admin):
        paths = [await one_of(engine, user) for user in (people.requester, people.other_requester, people.admin)]
        assert (await page_of(staff))["pagination"]["total"] == 3
        for path in paths:
            owner = (await staff.get(path)).json()["requesterId"]
            assert (await staff.patch(path, json={"title": "Seen to"})).json()["version"] == 2
            assert (await staff.put(path, json=WHOLE)).json()["requesterId"] == owner
            assert (await staff.delete(path)).status_code == 204
        assert (await page_of(staff))["pagination"]["total"] == 0


async def test_deleting_keeps_the_row_and_counts_its_version(
    agent: httpx.AsyncClient, engine: AsyncEngine, people: People
) -> None:
    path = await one_of(engine, people.requester)
    before = await row_of(engine, path)
    deleted = await agent.delete(path)
    assert (deleted.status_code, deleted.content) == (204, b"")
    after = await row_of(engine, path)
    assert (after["version"], after["deleted_by_job"]) == (2, None)
    assert after["deleted_at"] is not None
    assert after["updated_at"] != before["updated_at"]
    assert after == {**before, **{name: after[name] for name in ("version", "deleted_at", "updated_at")}}


async def test_what_is_deleted_is_gone_for_everyone(
    agent: httpx.AsyncClient, requester: httpx.AsyncClient, engine: AsyncEngine, people: People
) -> None:
    path = await one_of(engine, people.requester)
    await agent.delete(path)
    gone = await row_of(engine, path)
    answers = [await agent.delete(path), await agent.delete(path)]
    for client in (agent, requester):
        answers.append(await client.get(path))
        for match in ({}, {"If-Match": "*"}, {"If-Match": '"1"'}, {"If-Match": '"2"'}):
            answers.append(await client.put(path, json=WHOLE, headers=match))
            answers.append(await client.patch(path, json={"title": "Back"}, headers=match))
        assert (await page_of(client, text="Ticket"))["pagination"]["total"] == 0
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "not_found")}
    assert await row_of(engine, path) == gone


async def test_what_was_deleted_comes_back_as_it_was(
    agent: httpx.AsyncClient, requester: httpx.AsyncClient, engine: AsyncEngine, people: People
) -> None:
    path = await one_of(engine, people.requester)
    before = (await agent.get(path)).json()
    await agent.delete(path)
    restored = await agent.post(f"{path}/restore")
    assert (restored.status_code, restored.headers["etag"]) == (200, '"3"')
    assert restored.json() == before | {"version": 3, "updatedAt": restored.json()["updatedAt"]}
    assert restored.json()["updatedAt"] > before["updatedAt"]
    again = await agent.post(f"{path}/restore")
    assert (again.status_code, again.json()) == (200, restored.json())
    assert (await requester.get(path)).json() | {"contactId": None} == restored.json()
    assert (await requester.post(f"{path}/restore")).status_code == 403
    assert (await agent.post(f"/api/tickets/{uuid4()}/restore")).status_code == 404


async def test_of_two_who_delete_at_once_one_is_told_that_it_is_gone(
    agent: httpx.AsyncClient, engine: AsyncEngine, people: People
) -> None:
    path = await one_of(engine, people.requester)
    answers = await asyncio.gather(*(agent.delete(path) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [204] + [404] * 9
    assert (await row_of(engine, path))["version"] == 2


async def test_a_write_at_the_version_one_read_goes_through(
    requester: httpx.AsyncClient, engine: AsyncEngine, people: People
) -> None:
    for method, body in WRITES.items():
        path = await one_of(engine, people.requester)
        for version, match in enumerate(["{tag}", None, "*", '"77", {tag}', '{tag} ,"77"'], start=2):
            tag = (await requester.get(path)).headers["etag"]
            headers = {"If-Match": match.format(tag=tag)} if match else {}
            written = await requester.request(method, path, json=body, headers=headers)
            assert (written.status_code, written.headers["etag"]) == (200, f'"{version}"')
            assert written.json()["version"] == version == (await row_of(engine, path))["version"]


async def test_a_write_at_another_version_changes_nothing(
    requester: httpx.AsyncClient, engine: AsyncEngine, people: People
) -> None:
    path = await one_of(engine, people.requester)
    await requester.patch(path, json={"priority": "low"})
    before = await row_of(engine, path)
    others = ['"1"', '"3"', '"0"', '"-2"', '"2.0"', '"1", "3"', '""', "", "two", '"²"', '"' + "2" * 5000 + '"']
    answers = {
        (method, match): await requester.request(method, path, json=body, headers=[(b"If-Match", match.encode())])
        for method, body in WRITES.items()
        for match in others
    }
    assert {write: answer.status_code for write, answer in answers.items()} == dict.fromkeys(answers, 412)
    assert {answer.json()["code"] for answer in answers.values()} == {"version_mismatch"}
    assert await row_of(engine, path) == before


async def test_of_many_writes_at_one_version_exactly_one_wins(
    requester: httpx.AsyncClient, engine: AsyncEngine, people: People
) -> None:
    for method, body in WRITES.items():
        path = await one_of(engine, people.requester)
        bodies = [{**body, "title": f"Writer {number}"} for number in range(20)]
        requests = [requester.request(method, path, json=body, headers={"If-Match": '"1"'}) for body in bodies]
        answers = await asyncio.gather(*requests)
        assert sorted(answer.status_code for answer in answers) == [200] + [412] * 19
        [winner] = (answer.json() for answer in answers if answer.status_code == 200)
        assert (await requester.get(path)).json() == winner
        assert winner["version"] == 2


async def test_writes_without_a_version_are_all_counted(
    requester: httpx.AsyncClient, engine: AsyncEngine, people: People
) -> None:
    path = await one_of(engine, people.requester)
    answers = await asyncio.gather(*(requester.patch(path, json={"title": f"Writer {n}"}) for n in range(20)))
    assert sorted(answer.json()["version"] for answer in answers) == list(range(2, 22))
