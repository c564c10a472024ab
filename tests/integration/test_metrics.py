from uuid import uuid4

import httpx
from msgspec import structs
from prometheus_client import REGISTRY
from redis.asyncio import Redis

from app import metrics
from app.accounts import tokens
from app.settings import Settings
from app.version import VERSION
from tests.support.http import http_client
from tests.support.people import PASSWORD, People
from tests.support.post_office import PostOffice
from tests.support.prometheus import Scrape
from tests.support.routes import Routes
from tests.support.serving import serving
from tests.support.waiting import until
from tests.support.watcher import connecting
from tests.support.workbench import Workbench

TOKEN = "t" * 16


async def scrape(client: httpx.AsyncClient) -> Scrape:
    return Scrape((await client.get("/api/metrics")).text)


async def test_metrics_count_the_jobs_that_have_not_ended(admin: httpx.AsyncClient, bench: Workbench) -> None:
    posted = [await bench.submit(await bench.tickets(1)) for _ in range(3)]
    await bench.cancel(posted[0].id)
    await bench.lanes().run(posted[1].id)
    found = await scrape(admin)
    assert found.value("bulkhead_jobs", type="bulk-delete", status="queued") == 1
    assert found.value("bulkhead_jobs") == found.value("bulkhead_queue_depth") == 1
    assert 0 < found.value("bulkhead_oldest_queued_seconds") < 60
    assert {"type": "bulk-comment", "status": "paused"} in found.labels("bulkhead_jobs")


async def test_a_job_that_is_to_run_later_does_not_wait_for_a_lane(admin: httpx.AsyncClient, bench: Workbench) -> None:
    job = await bench.submit(await bench.tickets(1))
    await bench.execute("update jobs set run_at = now() + interval '1 hour' where id = :id", id=job.id)
    found = await scrape(admin)
    assert found.value("bulkhead_jobs", status="queued") == 1
    assert found.value("bulkhead_queue_depth") == found.value("bulkhead_oldest_queued_seconds") == 0


async def test_a_running_job_that_nobody_works_on_stands_still(admin: httpx.AsyncClient, bench: Workbench) -> None:
    job = await bench.submit(await bench.tickets(25))
    await bench.lanes(slice_seconds=0).run(job.id)
    assert (await scrape(admin)).value("bulkhead_jobs_stalled") == 0
    await bench.falsify("update jobs set updated_at = now() - interval '1 minute' where id = :id", id=job.id)
    assert (await scrape(admin)).value("bulkhead_jobs_stalled") == 1
    async with bench.engine.begin() as connection:  # as a lane does that is at work
        await connection.exec_driver_sql(f"select pg_advisory_xact_lock(hashtextextended('{job.id}', 1))")
        assert (await scrape(admin)).value("bulkhead_jobs_stalled") == 0


async def test_work_is_counted_by_what_became_of_it(admin: httpx.AsyncClient, bench: Workbench) -> None:
    before = await scrape(admin)
    ids = await bench.tickets(12)
    job = await bench.submit([*ids, uuid4()])
    await bench.lanes().run(job.id)
    after = await scrape(admin)
    of_type = {"type": "bulk-delete"}
    assert after.since(before, "bulkhead_jobs_submitted_total", **of_type) == 1
    assert after.since(before, "bulkhead_jobs_finished_total", **of_type, status="completed") == 1
    for code, result, count in (("deleted", "succeeded", 12), ("not_found", "failed", 1)):
        assert after.since(before, "bulkhead_items_total", **of_type, code=code, result=result) == count
    assert after.since(before, "bulkhead_chunk_duration_seconds_count") == 2
    for name in ("bulkhead_job_duration_seconds_count", "bulkhead_job_queue_wait_seconds_count"):
        assert after.since(before, name) == 1
    assert after.value("bulkhead_lanes") == 0


async def test_what_was_rolled_back_is_not_counted(admin: httpx.AsyncClient, bench: Workbench) -> None:
    job = await bench.submit(await bench.tickets(5))
    await bench.execute("""
        create function refuse() returns trigger language plpgsql as
        $$ begin raise 'no' using errcode = 'insufficient_resources'; end $$
    """)
    await bench.execute("""
        create trigger refuse before update on jobs for each row when (new.succeeded > 0) execute function refuse()
    """)
    before = await scrape(admin)
    await bench.lanes().run(job.id)
    after = await scrape(admin)
    assert after.since(before, "bulkhead_items_total") == after.since(before, "bulkhead_jobs_finished_total") == 0
    assert after.since(before, "bulkhead_chunk_duration_seconds_count") == 0


async def test_a_job_that_is_canceled_before_it_began_has_ended_but_not_lasted(
    admin: httpx.AsyncClient, bench: Workbench
) -> None:
    before = await scrape(admin)
    await bench.cancel((await bench.submit(await bench.tickets(1))).id)
    after = await scrape(admin)
    assert after.since(before, "bulkhead_jobs_finished_total", type="bulk-delete", status="canceled") == 1
    assert after.since(before, "bulkhead_job_duration_seconds_count") == 0


async def test_requests_with_a_key_are_counted_by_what_the_key_did(admin: httpx.AsyncClient, bench: Workbench) -> None:
    before = await scrape(admin)
    for tickets in (first := await bench.tickets(1), first, await bench.tickets(1)):
        body = {"type": "bulk-delete", "payload": {"ticketIds": [str(each) for each in tickets]}}
        await admin.post("/api/jobs", json=body, headers={"Idempotency-Key": "a-key"})
    after = await scrape(admin)
    for result in ("new", "replayed", "reused"):
        assert after.since(before, "bulkhead_idempotency_total", result=result) == 1
    assert after.since(before, "bulkhead_jobs_submitted_total") == 1


async def test_requests_are_timed_by_route_and_nothing_that_a_client_makes_up_is_a_label(
    admin: httpx.AsyncClient,
) -> None:
    before, made_up = await scrape(admin), uuid4().hex
    await admin.get(f"/api/jobs/{uuid4()}")
    await admin.get(f"/api/jobs/a/b/{made_up}")
    await admin.get(f"/{made_up}")
    await admin.request("TRACE", "/api/jobs")
    after, name = await scrape(admin), "bulkhead_http_request_duration_seconds_count"
    assert after.since(before, name, route="/api/jobs/{job_id}", method="GET", status="404") == 1
    assert after.since(before, name, route="none", method="GET", status="404") == 1
    assert after.since(before, name, route="console") == 1
    assert after.since(before, name, method="none") == 1
    assert made_up not in str(after.samples).lower()


async def test_sockets_and_what_they_are_told_are_counted(
    admin: httpx.AsyncClient, base_url: str, settings: Settings, people: People, bench: Workbench
) -> None:
    before = await scrape(admin)
    token = tokens.issue(people.admin.id, settings.jwt_secret, 600)
    async with connecting(base_url, {"token": token}) as watcher:
        job = await bench.submit(await bench.tickets(1))  # nobody announces it: the feed finds it in Postgres
        await until(lambda: watcher.names_of(job.id))
        after = await scrape(admin)
    assert after.value("bulkhead_socket_connections") == 1
    assert after.since(before, "bulkhead_socket_events_total", event="jobs:created") == 1
    assert after.since(before, "bulkhead_feed_lag_seconds_count") == 1
    assert after.since(before, "bulkhead_feed_resyncs_total") >= 1


async def test_a_pool_shows_how_much_of_it_is_in_use(admin: httpx.AsyncClient, settings: Settings) -> None:
    async def are_shown() -> bool:
        found, name = await scrape(admin), "bulkhead_db_pool_connections_max"
        return sum(found.value(name, pool=pool) for pool in ("writes", "reads", "costly")) == settings.db_pool_max

    await until(are_shown)
    assert (await scrape(admin)).value("bulkhead_db_pool_connections_in_use", pool="reads") <= settings.db_pool_max


async def test_who_has_the_token_needs_no_account_and_no_postgres(routes: Routes, settings: Settings) -> None:
    nowhere = structs.replace(settings, metrics_token=TOKEN, database_url="postgresql://bulkhead@127.0.0.1:1/bulkhead")
    async with serving(routes.app(nowhere)) as url, http_client(url) as prometheus:
        assert {(await prometheus.get(path)).status_code for path in ("/metrics", "/api/metrics")} == {401}
        prometheus.headers["Authorization"] = f"Bearer {TOKEN}"
        for path in ("/metrics", "/api/metrics"):
            answer = await prometheus.get(path)
            assert answer.status_code == 200
            assert answer.headers["content-type"] == f"{metrics.PROMETHEUS_TEXT}; charset=utf-8"
            found = Scrape(answer.text)
            assert found.labels("bulkhead_database_up")
            assert found.value("bulkhead_database_up") == 0
            assert found.value("bulkhead_build_info", version=VERSION) == 1


async def test_metrics_tell_how_webhooks_are(admin: httpx.AsyncClient, bench: Workbench, people: People) -> None:
    office = PostOffice(bench.engine, people.admin)
    for _ in range(3):
        await office.add_webhook("http://127.0.0.1:1/")
    await office.execute("update webhooks set failing_since = now() where id = (select id from webhooks limit 1)")
    await office.record(count=2)
    await office.planner.sweep()
    found = await scrape(admin)
    for state, count in (("well", 2), ("failing", 1), ("disabled", 0)):
        assert found.value("bulkhead_webhooks", state=state) == count
    assert found.value("bulkhead_deliveries_due") == 6


async def test_metrics_tell_of_logins_that_nobody_counted(
    admin: httpx.AsyncClient, stranger: httpx.AsyncClient, redis: Redis
) -> None:
    before = REGISTRY.get_sample_value("bulkhead_redis_losses_total", {"what": "login_attempt"}) or 0
    await redis.config_set("maxmemory", 1)
    try:
        login = await stranger.post("/api/login", json={"username": "agent", "password": PASSWORD})
    finally:
        await redis.config_set("maxmemory", 0)
    assert login.status_code == httpx.codes.OK
    assert (await scrape(admin)).value("bulkhead_redis_losses_total", what="login_attempt") == before + 1
