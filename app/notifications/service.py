from app.accounts.models import User
from app.notifications import store
from app.notifications.models import Preferences
from app.pools import Pools


class Notifications:
    """What people are told of."""

    def __init__(self, pools: Pools) -> None:
        self._engine = pools.engine

    async def chosen_by(self, user: User) -> Preferences:
        async with self._engine.connect() as connection:
            return (await store.preferences_of(connection, [user.id])).get(user.id, Preferences())

    async def choose(self, user: User, chosen: Preferences) -> None:
        async with self._engine.begin() as connection:
            await store.choose(connection, user.id, chosen)
