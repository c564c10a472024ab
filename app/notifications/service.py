from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import User
from app.deliveries import store as sent
from app.deliveries.models import Attempt
from app.deliveries.queries import DeliveryQuery
from app.deliveries.queue import WakeUps
from app.errors import NotFound
from app.notifications import channels, messages, store
from app.notifications.letters import Letters
from app.notifications.models import Letter, Message, Preferences
from app.pools import Pools


class Details(NamedTuple):
    """A message with its words, as they would be sent now; None where there is nothing to tell any more."""

    message: Message
    letter: Letter | None
    attempts: list[Attempt]


class Notifications:
    """What people are told of, for themselves; and for admins, what they were told."""

    def __init__(self, pools: Pools, letters: Letters, wake_ups: WakeUps) -> None:
        self._engine = pools.engine
        self._letters = letters
        self._wake_ups = wake_ups

    async def chosen_by(self, user: User) -> Preferences:
        async with self._engine.connect() as connection:
            chosen = await store.preferences_of(connection, [user.id])
            return chosen.get(user.id, Preferences())

    async def choose(self, user: User, chosen: Preferences) -> None:
        async with self._engine.begin() as connection:
            await store.choose(connection, user.id, chosen)

    async def find_page(self, query: DeliveryQuery, *, below_id: UUID | None = None) -> list[Message]:
        """Return what `messages.find_page` does."""
        async with self._engine.connect() as connection:
            return await messages.find_page(connection, query, below_id=below_id)

    async def get(self, message_id: UUID) -> Details:
        """Raise `NotFound` if there is none. What a letter leads to may be made for it, and is stored then."""
        async with self._engine.begin() as connection:
            message = await _required(connection, message_id)
            due = await sent.due_of(connection, message_id)
            written = await self._letters.write(connection, due, message.channel)
            attempts = await sent.attempts_of(connection, message_id)
            return Details(message, written if isinstance(written, Letter) else None, attempts)

    async def replay(self, message_id: UUID) -> Message:
        """Have a message sent once more, whatever came of it; raise `NotFound` if there is none."""
        async with self._engine.begin() as connection:
            await _required(connection, message_id)
            await sent.replay(connection, message_id)
            message = await _required(connection, message_id)
        await self._wake_ups.wake(channels.LANES)
        return message

    async def replay_lost(self) -> int:
        """Have sent once more what failed or was skipped; return how many messages, see `sent.replay_lost`."""
        async with self._engine.begin() as connection:
            replayed = await sent.replay_lost(connection, messages.OF_PEOPLE)
        await self._wake_ups.wake(channels.LANES)
        return replayed


async def _required(connection: AsyncConnection, message_id: UUID) -> Message:
    message = await messages.find(connection, message_id)
    if message is None:
        raise NotFound("There is no message with this id.")
    return message
