"""What operators and their monitoring ask an API process."""

from typing import Literal

import msgspec
from litestar import Controller, Response, get
from litestar.openapi import ResponseSpec
from prometheus_client import generate_latest
from sqlalchemy import text

from app.deliveries import store as deliveries
from app.http.openapi import problems, protected
from app.jobs import store
from app.metrics import DELIVERIES_DUE, JOBS, WEBHOOKS
from app.pools import Pools
from app.reads import Statement
from app.webhooks import store as webhooks

PROMETHEUS_TEXT = "text/plain"

_ANYTHING = Statement(text("select 1"))


class Health(msgspec.Struct, frozen=True):
    status: Literal["ok"] = "ok"


class MonitoringController(Controller):
    tags = ("health",)
    pools: Pools

    @get("/api/health", security=[{}], responses=problems())
    async def health(self) -> Health:
        """Answer 200 when requests can be served, 503 while Postgres is away. Redis may be: it is for speed."""
        await self.pools.reads.fetch(_ANYTHING)
        return Health()

    @get("/health", security=[{}], responses=problems())
    async def probe(self) -> Health:
        """Answer as /api/health does, where probes look by default."""
        await self.pools.reads.fetch(_ANYTHING)
        return Health()

    @get(
        "/api/metrics",
        responses=protected()
        | {
            200: ResponseSpec(
                bytes, generate_examples=False, media_type=PROMETHEUS_TEXT, description="Prometheus format"
            )
        },
    )
    async def metrics(self) -> Response[bytes]:
        """Show the counters of this process, and how many jobs have not ended, and how webhooks are."""
        async with self.pools.engine.connect() as connection:
            for status, count in (await store.count_active(connection)).items():
                JOBS.labels(status).set(count)
            for state, count in (await webhooks.count_states(connection)).items():
                WEBHOOKS.labels(state).set(count)
            DELIVERIES_DUE.set(await deliveries.count_due(connection))
        return Response(generate_latest(), media_type=PROMETHEUS_TEXT)
