from collections import Counter
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from arq.connections import ArqRedis
from msgspec.structs import replace

from app import asgi
from app.accounts import tokens
from app.accounts.limiter import LoginLimiter
from app.accounts.service import Accounts
from app.openapi import NO_SERVICES
from app.pools import Pools
from app.sessions.service import Sessions
from app.settings import Settings
from tests.support import ledger
from tests.support.fakes import RecordedWakeUps
from tests.support.people import People
from tests.support.workbench import Workbench


async def post(client: httpx.AsyncClient, ids: list[UUID], **more: Any) -> dict[str, Any]:
    body = {"type": "bulk-delete", "payload": {"ticketIds": [str(ticket_id) for ticket_id in ids]}, **more}
    answer = await client.post("/api/jobs", json=body)
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/api/jobs/{answer.json()['id']}"
    assert answer.headers["retry-after"] == "1"
    found: dict[str, Any] = answer.json()
    return found


async def read(client: httpx.AsyncClient, path: str, **parameters: Any) -> Any:
    answer = await client.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_job_is_stored_with_the_answer_and_says_where_it_stands(
    admin: httpx.AsyncClient, bench: Workbench
) -> None:
    ids = await bench.tickets(25)
    job = await post(admin, [*ids, ids[0]], reason="Spam of last night")
    assert (job["status"], job["total"], job["unprocessed"], job["duplicates"]) == ("queued", 25, 25, 1)
    assert (job["progress"], job["processed"], job["succeeded"], job["failed"], job["seq"]) == (0, 0, 0, 0, 1)
    assert (job["reason"], job["error"]) == ("Spam of last night", None)
    assert job["requestedBy"] == str(bench.people.admin.id)
    assert (job["startedAt"], job["finishedAt"], job["ratePerSecond"], job["etaSeconds"]) == (None, None, None, None)
    assert (await ledger.of(bench.engine, UUID(job["id"]))).pending == 25


async def test_no_ticket_can_be_deleted_before_the_answer_is_written(
    pools: Pools, settings: Settings, redis: ArqRedis, people: People
) -> None:
    happened: list[str] = []

    class NotedWakeUps(RecordedWakeUps):
        async def wake(self, *_: Any, **__: Any) -> None:
            happened.append("woken")

    bench = Workbench(pools, settings, people, wake_ups=NotedWakeUps())
    accounts = Accounts(pools, LoginLimiter(redis), settings, Sessions(pools, settings))
    services = replace(NO_SERVICES, accounts=accounts, intake=bench.intake)
    api = asgi.create_api(settings, services)

    async def noting(scope: Any, receive: Any, send: Any) -> None:
        async def note(message: Any) -> None:
            if message["type"] == "http.response.body" and not message.get("more_body"):
                happened.append("answered")
            await send(message)

        await api(scope, receive, note)

    token = tokens.issue(bench.people.admin.id, settings.jwt_secret, 60)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(noting), base_url="http://test", headers={"Authorization": f"Bearer {token}"}
    ) as client:
        await post(client, await bench.tickets(3))
    assert happened == ["answered", "woken"]


async def test_a_job_read_later_shows_its_first_items(admin: httpx.AsyncClient, bench: Workbench) -> None:
    ids = await bench.tickets(30)
    job = await post(admin, ids)
    await bench.lanes(slice_seconds=0).run(UUID(job["id"]))
    found = await read(admin, f"/api/jobs/{job['id']}")
    assert (found["status"], found["processed"], found["unprocessed"], found["progress"]) == ("running", 10, 20, 33)
    assert found["seq"] == 3
    assert found["ratePerSecond"] > 0
    assert found["etaSeconds"] is not None
    assert [item["ticketId"] for item in found["items"]] == [str(ticket_id) for ticket_id in ids[:20]]
    assert [item["result"] for item in found["items"]] == ["succeeded"] * 10 + ["unprocessed"] * 10
    first, last = found["items"][0], found["items"][-1]
    assert (first["code"], first["message"]) == ("deleted", "The ticket was deleted.")
    assert (last["code"], last["message"], last["at"]) == (None, None, None)


@pytest.mark.parametrize("limit", [1, 7, 10, 100])
async def test_items_page_by_cursor_through_done_and_undone(
    admin: httpx.AsyncClient, bench: Workbench, limit: int
) -> None:
    ids = await bench.tickets(35)
    job = await post(admin, ids)
    await bench.lanes(slice_seconds=0).run(UUID(job["id"]))
    seen = [item async for item in every_item(admin, job["id"], limit=limit)]
    assert [item["position"] for item in seen] == list(range(35))
    assert [item["ticketId"] for item in seen] == [str(ticket_id) for ticket_id in ids]
    assert Counter(item["result"] for item in seen) == {"succeeded": 10, "unprocessed": 25}


async def test_items_are_filtered_by_result_and_code(admin: httpx.AsyncClient, bench: Workbench) -> None:
    ids = await bench.tickets(15)
    await bench.lanes().run((await bench.submit(ids[:5])).id)
    job = await post(admin, [*ids, *(uuid4() for _ in range(15))])
    await bench.lanes(slice_seconds=0).run(UUID(job["id"]))
    await bench.lanes(slice_seconds=0).run(UUID(job["id"]))

    async def positions(**filters: str) -> list[int]:
        return [item["position"] async for item in every_item(admin, job["id"], limit=4, **filters)]

    assert await positions(result="succeeded") == list(range(5, 15))
    assert await positions(result="failed") == [*range(5), *range(15, 20)]
    assert await positions(result="unprocessed") == list(range(20, 30))
    assert await positions(code="not_found") == list(range(15, 20))
    assert await positions(result="failed", code="already_deleted") == list(range(5))
    assert await positions(result="succeeded", code="not_found") == []
    assert await positions(result="unprocessed", code="deleted") == []


async def test_jobs_are_listed_newest_first_and_filtered(admin: httpx.AsyncClient, bench: Workbench) -> None:
    posted = [(await post(admin, await bench.tickets(2)))["id"] for _ in range(3)]
    await admin.post(f"/api/jobs/{posted[1]}/cancel")
    listed = await read(admin, "/api/jobs")
    assert [job["id"] for job in listed["jobs"]] == posted[::-1]
    assert listed["pagination"] == {"page": 1, "limit": 20, "total": 3, "totalPages": 1, "totalIsExact": True}
    paged = await read(admin, "/api/jobs", page=2, limit=2)
    assert [job["id"] for job in paged["jobs"]] == posted[:1]
    first = await read(admin, "/api/jobs", limit=2)
    rest = await read(admin, "/api/jobs", limit=2, cursor=first["nextCursor"])
    assert (first["jobs"], rest["jobs"], rest["nextCursor"]) == (listed["jobs"][:2], listed["jobs"][2:], None)
    assert [job["id"] for job in (await read(admin, "/api/jobs", status="canceled"))["jobs"]] == [posted[1]]
    assert (await read(admin, "/api/jobs", type="bulk-delete"))["pagination"]["total"] == 3
    assert (await read(admin, "/api/jobs", type="bulk-other"))["jobs"] == []


async def test_a_canceled_job_stays_canceled_and_keeps_what_it_did(admin: httpx.AsyncClient, bench: Workbench) -> None:
    job = await post(admin, await bench.tickets(30))
    await bench.lanes(slice_seconds=0).run(UUID(job["id"]))
    canceled = (await admin.post(f"/api/jobs/{job['id']}/cancel")).json()
    assert (canceled["status"], canceled["succeeded"], canceled["unprocessed"]) == ("canceled", 10, 20)
    assert canceled["finishedAt"] is not None
    again = await admin.post(f"/api/jobs/{job['id']}/cancel")
    assert again.status_code == 200
    assert again.json() == canceled
    await bench.lanes().run(UUID(job["id"]))
    found = await ledger.of(bench.engine, UUID(job["id"]))
    assert found.balances()
    assert found.deleted == 10


async def test_a_job_that_has_ended_cannot_be_canceled(admin: httpx.AsyncClient, bench: Workbench) -> None:
    job = await post(admin, await bench.tickets(3))
    await bench.lanes().run(UUID(job["id"]))
    refused = await admin.post(f"/api/jobs/{job['id']}/cancel")
    assert (refused.status_code, refused.json()["code"]) == (409, "job_not_cancelable")
    assert (await read(admin, f"/api/jobs/{job['id']}"))["status"] == "completed"


async def test_others_than_admins_see_only_their_own_jobs(
    admin: httpx.AsyncClient, agent: httpx.AsyncClient, bench: Workbench
) -> None:
    job = await post(admin, await bench.tickets(2))
    for path in (f"/api/jobs/{job['id']}", f"/api/jobs/{job['id']}/items"):
        hidden = await agent.get(path)
        unknown = await agent.get(path.replace(job["id"], str(uuid4())))
        assert (hidden.status_code, hidden.json()["code"]) == (404, "not_found")
        assert hidden.json() | {"requestId": ""} == unknown.json() | {"requestId": ""}
    assert (await read(agent, "/api/jobs"))["jobs"] == []
    own = await bench.submit(await bench.tickets(2), bench.people.agent)
    assert (await read(agent, f"/api/jobs/{own.id}"))["id"] == str(own.id)
    assert [found["id"] for found in (await read(agent, "/api/jobs"))["jobs"]] == [str(own.id)]


async def test_as_many_targets_as_allowed_are_taken(admin: httpx.AsyncClient, bench: Workbench, settings: Any) -> None:
    ids = [UUID(int=number) for number in range(settings.max_targets)]
    job = await post(admin, ids)
    assert (await ledger.of(bench.engine, UUID(job["id"]))).pending == settings.max_targets


async def every_item(client: httpx.AsyncClient, job_id: str, **parameters: Any) -> Any:
    cursor = None
    while True:
        page = await read(
            client, f"/api/jobs/{job_id}/items", **parameters, **({"cursor": cursor} if cursor is not None else {})
        )
        assert len(page["items"]) <= parameters["limit"]
        for item in page["items"]:
            yield item
        cursor = page["nextCursor"]
        if cursor is None:
            return
