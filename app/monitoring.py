"""What operators and their monitoring ask an API process."""

from litestar import Controller, Response, get
from litestar.openapi import ResponseSpec

from app import gauges
from app.http.openapi import protected
from app.metrics import PROMETHEUS_TEXT, counted
from app.pools import Pools

_SHOWN = protected() | {
    200: ResponseSpec(bytes, generate_examples=False, media_type="text/plain", description="Prometheus format")
}


class MonitoringController(Controller):
    tags = ("health",)
    pools: Pools

    @get("/api/metrics", responses=_SHOWN)
    async def metrics(self) -> Response[bytes]:
        """Show what the API counts and times, and how the system is, to admins and to those who scrape."""
        return await self._metrics()

    @get("/metrics", responses=_SHOWN)
    async def scrape(self) -> Response[bytes]:
        """Answer as /api/metrics does, where Prometheus looks by default."""
        return await self._metrics()

    async def _metrics(self) -> Response[bytes]:
        return Response(counted() + await gauges.read(self.pools.engine), media_type=PROMETHEUS_TEXT)
