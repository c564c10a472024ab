"""Whether this process lives, and whether it can serve: what proxies, orchestrators and monitoring ask."""

from litestar import Controller, get

from app.health.errors import NotReady
from app.health.models import Health, Readiness
from app.health.service import Probes
from app.http.openapi import problems


class HealthController(Controller):
    tags = ("health",)
    probes: Probes

    @get("/api/health/live", security=[{}], responses=problems())
    async def live(self) -> Health:
        """Answer 200 as long as this process answers at all; nothing else is asked, so start it anew if it does not."""
        return Health()

    @get("/api/health/ready", security=[{}], responses=problems(NotReady))
    async def ready(self) -> Readiness:
        """Say how Postgres, Redis and the schema are: 200 when requests can be served, also without Redis; else 503."""
        return await self.probes.look()

    @get("/api/health", security=[{}], responses=problems())
    async def health(self) -> Health:
        """Answer 200 when requests can be served, 503 while Postgres is away. Redis may be: it is for speed."""
        await self.probes.ask_postgres()
        return Health()

    @get("/health", security=[{}], responses=problems())
    async def probe(self) -> Health:
        """Answer as /api/health does, where probes look by default."""
        await self.probes.ask_postgres()
        return Health()
