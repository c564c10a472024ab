from sqlalchemy.ext.asyncio import AsyncEngine

from app.deadlines import store
from app.events.outbox import Outbox
from app.tickets import events
from app.tickets.announcer import Announcer

MOST = 1000  # how many are marked in one transaction


class Breaches:
    """Finds tickets whose deadline has passed, marks them, and tells of each once.

    It is no duty, as it has something to tell after its commit. Every worker has one, and they need no lock between
    them: a ticket that one of them has in hand is skipped by the others, and marked when they look again.
    """

    def __init__(self, engine: AsyncEngine, announcer: Announcer, outbox: Outbox) -> None:
        self._engine = engine
        self._announcer = announcer
        self._outbox = outbox

    async def sweep(self) -> None:
        """Mark what is due, in as many transactions as it takes."""
        found = MOST
        while found == MOST:
            async with self._engine.begin() as connection:
                breaches = await store.breach(connection, MOST)
            found = len(breaches)
            for ticket, due_at in breaches:
                await self._announcer.announce(events.of("tickets:breached", ticket, at=due_at, by=None))
            if breaches:
                await self._outbox.wake()
