"""What operators and their monitoring ask an API process."""

from litestar import Controller, Response, get
from litestar.openapi import ResponseSpec
from prometheus_client import generate_latest

from app.deliveries import store as deliveries
from app.http.openapi import protected
from app.jobs import store
from app.metrics import DELIVERIES_DUE, JOBS, WEBHOOKS
from app.pools import Pools
from app.webhooks import store as webhooks

PROMETHEUS_TEXT = "text/plain"


class MonitoringController(Controller):
    tags = ("health",)
    pools: Pools

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
