"""Stand-ins for the seams to Redis: they remember what they were asked."""

from collections import Counter
from uuid import UUID

from app.jobs import events
from app.jobs.announcer import Announcer
from app.jobs.models import Priority
from app.tickets import events as ticket_events


class RecordedWakeUps:
    def __init__(self) -> None:
        self.woken: Counter[UUID] = Counter()
        self.queued: Counter[UUID] = Counter()
        self.delays: list[float] = []
        self.priorities: list[Priority] = []

    async def wake(
        self, job_id: UUID, times: int = 1, *, priority: Priority = "normal", delay_seconds: float = 0
    ) -> None:
        if times:
            self.woken[job_id] += times
            self.delays.append(delay_seconds)
            self.priorities.append(priority)

    async def waiting(self) -> Counter[UUID]:
        return self.queued


class RecordedOutbox:
    def __init__(self) -> None:
        self.wakes = 0

    async def wake(self) -> None:
        self.wakes += 1


class RecordedTicketAnnouncer:
    def __init__(self) -> None:
        self.messages: list[ticket_events.Message] = []

    async def announce(self, message: ticket_events.Message) -> None:
        self.messages.append(message)


class RecordedAnnouncer:
    """With `onward`, each event is also announced there."""

    def __init__(self, onward: Announcer | None = None) -> None:
        self.events: list[events.Event] = []
        self._onward = onward

    async def announce(self, event: events.Event) -> None:
        self.events.append(event)
        if self._onward:
            await self._onward.announce(event)

    @property
    def names(self) -> list[str]:
        return [event.name for event in self.events]
