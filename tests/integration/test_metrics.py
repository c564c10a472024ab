import httpx
from prometheus_client import REGISTRY
from redis.asyncio import Redis

from tests.support.people import PASSWORD, People
from tests.support.post_office import PostOffice
from tests.support.workbench import Workbench


async def test_metrics_count_the_jobs_that_have_not_ended(admin: httpx.AsyncClient, bench: Workbench) -> None:
    posted = [await bench.submit(await bench.tickets(1)) for _ in range(3)]
    await bench.cancel(posted[0].id)
    await bench.lanes().run(posted[1].id)
    metrics = (await admin.get("/api/metrics")).text
    assert 'bulkhead_jobs{status="queued"} 1.0' in metrics
    assert 'bulkhead_jobs{status="running"} 0.0' in metrics


async def test_metrics_tell_how_webhooks_are(admin: httpx.AsyncClient, bench: Workbench, people: People) -> None:
    office = PostOffice(bench.engine, people.admin)
    for _ in range(3):
        await office.add_webhook("http://127.0.0.1:1/")
    await office.execute("update webhooks set failing_since = now() where id = (select id from webhooks limit 1)")
    await office.record(count=2)
    await office.planner.sweep()
    metrics = (await admin.get("/api/metrics")).text
    assert 'bulkhead_webhooks{state="well"} 2.0' in metrics
    assert 'bulkhead_webhooks{state="failing"} 1.0' in metrics
    assert 'bulkhead_webhooks{state="disabled"} 0.0' in metrics
    assert "bulkhead_deliveries_due 6.0" in metrics


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
    assert f'bulkhead_redis_losses_total{{what="login_attempt"}} {before + 1}' in (await admin.get("/api/metrics")).text
