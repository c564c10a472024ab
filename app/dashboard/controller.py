from typing import Any

from litestar import Controller, Request, get

from app.accounts.models import User
from app.dashboard.models import Stats
from app.dashboard.service import Dashboard
from app.errors import TooManyRequests
from app.http.openapi import protected


class DashboardController(Controller):
    path = "/api/dashboard"
    tags = ("dashboard",)
    dashboard: Dashboard

    @get("/stats", responses=protected(TooManyRequests))
    async def read_stats(self, request: Request[User, Any, Any]) -> Stats:
        """Show how the tickets and the jobs stand, as counted at `at`: at most some seconds before, while asked for."""
        return await self.dashboard.stats(request.user)
