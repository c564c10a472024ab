import itertools
from typing import Final
from uuid import UUID

import msgspec

from app.jobs import events
from app.jobs.status import TERMINAL, Status

MAX_AT_ONCE: Final = 100  # jobs whose progress may go out between two ticks; that of all others waits for the next one
MAX_LATEST: Final = 100  # as many as the longest page of a list of jobs has; 40 kB to each socket that connects


class News:
    """Decides which events are worth telling, and when: for each job only newer ones, and little of its progress.

    Changes of state go out at once. So does progress, up to the first that has items done; from then on a job has one
    progress event a tick at most, the newest. One API process has one `News`. Nothing here waits or sends.
    """

    def __init__(self) -> None:
        self._told: dict[UUID, events.Event] = {}  # the last event of each job; the job that was told of last is last
        self._held: dict[UUID, events.Event] = {}
        self._progressed: set[UUID] = set()  # the jobs whose progress was told since the last tick, or by it

    def offer(self, event: events.Event) -> events.Event | None:
        """Take note of `event`; return it if it is to be sent at once, hold it if it has to wait for the tick."""
        job_id = event.payload.job_id
        seen = self.newest(job_id)
        if seen is not None and event.payload.seq <= seen.seq:
            return None
        if event.is_progress and seen is not None and seen.status is Status.PAUSED:
            event = msgspec.structs.replace(event, name="jobs:resumed")  # which got lost
        if event.is_progress and self._must_wait(job_id, seen):
            self._held[job_id] = event
            return None
        self._held.pop(job_id, None)
        return self._tell(event)

    def take_held(self) -> list[events.Event]:
        """Return the newest progress of each job that had to wait. To be called once a tick."""
        held, self._held = list(self._held.values()), {}
        self._progressed = set()
        return [self._tell(event) for event in held]

    def newest(self, job_id: UUID) -> events.Payload | None:
        event = self._held.get(job_id) or self._told.get(job_id)
        return event.payload if event else None

    def latest(self, owner_id: UUID | None = None) -> list[events.Event]:
        """Return the last event of each job, of one owner or of all, in the order in which they were told.

        What is held is not among them, so who gets these hears of it later, and only once. Of more than MAX_LATEST
        jobs, those that moved last are returned.
        """
        last_first = (event for event in reversed(self._told.values()) if owner_id in {None, event.owner_id})
        return list(itertools.islice(last_first, MAX_LATEST))[::-1]

    def unfinished(self) -> list[UUID]:
        """Return the jobs whose end has not been seen."""
        return list({job_id for job_id, event in self._told.items() if not _is_end(event)} | self._held.keys())

    def ended(self) -> set[UUID]:
        """Return the jobs whose end has been seen."""
        return {job_id for job_id, event in self._told.items() if _is_end(event)}

    def forget(self, job_ids: set[UUID]) -> None:
        """Drop what is known of jobs that can no longer turn up."""
        for job_id in job_ids:
            self._told.pop(job_id, None)

    def _must_wait(self, job_id: UUID, seen: events.Payload | None) -> bool:
        is_under_way = seen is not None and seen.processed > 0
        return (is_under_way and job_id in self._progressed) or len(self._progressed) >= MAX_AT_ONCE

    def _tell(self, event: events.Event) -> events.Event:
        job_id = event.payload.job_id
        self._told.pop(job_id, None)  # so that it goes to the end
        self._told[job_id] = event
        if event.is_progress:
            self._progressed.add(job_id)
        return event


def _is_end(event: events.Event) -> bool:
    return event.payload.status in TERMINAL
