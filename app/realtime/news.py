from uuid import UUID

import msgspec

from app.jobs import events
from app.jobs.status import TERMINAL, Status


class News:
    """Decides which events are worth sending: for each job only newer ones, and of progress only the newest a tick.

    One API process has one. Nothing here waits or sends.
    """

    def __init__(self) -> None:
        self._seen: dict[UUID, events.Payload] = {}
        self._held: dict[UUID, events.Event] = {}

    def offer(self, event: events.Event) -> events.Event | None:
        """Take note of `event`; return it if it is to be sent at once, hold it if it is progress."""
        job_id = event.payload.job_id
        seen = self._seen.get(job_id)
        if seen is not None and event.payload.seq <= seen.seq:
            return None
        self._seen[job_id] = event.payload
        if event.is_progress and seen is not None and seen.status is Status.PAUSED:
            event = msgspec.structs.replace(event, name="jobs:resumed")  # which got lost
        if event.is_progress:
            self._held[job_id] = event
            return None
        self._held.pop(job_id, None)
        return event

    def take_held(self) -> list[events.Event]:
        """Return the newest progress of each job since the last call."""
        held, self._held = list(self._held.values()), {}
        return held

    def newest(self, job_id: UUID) -> events.Payload | None:
        return self._seen.get(job_id)

    def unfinished(self) -> list[UUID]:
        """Return the jobs whose end has not been seen."""
        return [job_id for job_id, payload in self._seen.items() if payload.status not in TERMINAL]

    def ended(self) -> set[UUID]:
        """Return the jobs whose end has been seen."""
        return {job_id for job_id, payload in self._seen.items() if payload.status in TERMINAL}

    def forget(self, job_ids: set[UUID]) -> None:
        """Drop what is known of jobs that can no longer turn up."""
        for job_id in job_ids:
            self._seen.pop(job_id, None)
