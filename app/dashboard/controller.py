from litestar import Controller, get

from app.dashboard.models import Stats
from app.dashboard.service import Dashboard
from app.http.openapi import protected


class DashboardController(Controller):
    path = "/api/dashboard"
    tags = ("dashboard",)
    dashboard: Dashboard

    @get("/stats", responses=protected())
    async def read_stats(self) -> Stats:
        """Show how the tickets and the jobs stand, as counted at `at`: at most some seconds before, while asked for."""
        return await self.dashboard.stats()
