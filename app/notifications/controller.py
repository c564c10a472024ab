from litestar import Controller, get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody

from app.accounts.models import Caller
from app.errors import BodyTooLarge
from app.http.openapi import protected
from app.notifications.models import Preferences
from app.notifications.service import Notifications


class PreferenceController(Controller):
    path = "/api/me/notifications"
    tags = ("notifications",)
    notifications: Notifications

    @get(responses=protected())
    async def read_preferences(self, caller: NamedDependency[Caller]) -> Preferences:
        """Show what one is told of, and how. Nobody is told of what they did themselves."""
        return await self.notifications.chosen_by(caller.user)

    @put(responses=protected(BodyTooLarge))
    async def put_preferences(self, caller: NamedDependency[Caller], data: JSONBody[Preferences]) -> Preferences:
        """Choose what one is told of, and how; what is not named is as it was at first."""
        await self.notifications.choose(caller.user, data)
        return data
