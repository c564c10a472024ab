"""One trace from a request through lanes to what people are told, over processes of their own."""

import secrets

import httpx
from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts import tokens
from app.settings import Settings
from tests.support.people import People, add_tickets
from tests.support.system import System
from tests.support.traces import collecting
from tests.support.waiting import until


async def test_a_job_is_one_trace_from_its_request_to_its_last_event(
    system: System, settings: Settings, people: People, engine: AsyncEngine
) -> None:
    trace_id, caller_id = secrets.token_hex(16), secrets.token_hex(8)
    token = tokens.issue(people.admin.id, settings.jwt_secret, 600)
    tickets = [str(ticket) for ticket in await add_tickets(engine, people.requester, 3)]
    async with collecting() as collector:
        wanted = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}
        await system.is_up(system.start("app", **wanted))
        system.start("worker.main", **wanted)
        headers = {"Authorization": f"Bearer {token}", "Traceparent": f"00-{trace_id}-{caller_id}-01"}
        async with httpx.AsyncClient(base_url=system.url, headers=headers, timeout=30) as client:
            posted = await client.post("/api/jobs", json={"type": "bulk-delete", "payload": {"ticketIds": tickets}})
            unreadable = await client.get(f"/api/jobs/{posted.json()['id']}", headers={"Traceparent": "00-secret-01"})
        await until(lambda: collector.named("jobs:completed", trace_id), seconds=30)
        await until(lambda: collector.named("lane", trace_id), seconds=30)
        [request] = collector.named("POST /api/jobs", trace_id)
        lanes = {span.span_id: span for span in collector.named("lane", trace_id)}
        [chunk] = collector.named("chunk", trace_id)
        [completed] = collector.named("jobs:completed", trace_id)
    assert (posted.status_code, unreadable.status_code, collector.paths) == (202, 200, {"/v1/traces"})
    assert (request.service, request.parent_id) == ("bulkhead-api", caller_id)
    assert request.attributes["http.response.status_code"] == 202
    assert {(lane.service, lane.parent_id) for lane in lanes.values()} == {("bulkhead-worker", request.span_id)}
    assert (chunk.parent_id in lanes, chunk.links) == (True, [request.span_id])
    assert (chunk.attributes["succeeded"], chunk.attributes["failed"]) == (3, 0)
    assert (completed.service, completed.parent_id) == ("bulkhead-api", request.span_id)
    assert completed.attributes["bulkhead.job.id"] == posted.json()["id"]
    assert posted.json()["id"] not in str([span.name for span in collector.spans])
    assert "secret" not in str(collector.spans)
