"""Following jobs to their ends, over a socket as far as there is one."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from contextlib import aclosing, suppress
from typing import Final
from uuid import UUID

from . import sockets
from .models import Job, Update
from .transport import Transport

POLL_SECONDS: Final = 1.0
MOST_POLLS: Final = 16  # between two tries to open a socket, where none can be had

Read = Callable[[UUID], Awaitable[Job]]


class Latest:
    """What has been told of some jobs: decides what is news."""

    def __init__(self, job_ids: Collection[UUID]) -> None:
        self._seqs = dict.fromkeys(job_ids, 0)
        self.unfinished = list(self._seqs)

    def takes(self, update: Update) -> bool:
        """Take note of an update; tell whether it is newer than all before it."""
        if update.job_id not in self.unfinished or update.seq <= self._seqs[update.job_id]:
            return False
        self._seqs[update.job_id] = update.seq
        if update.has_ended:
            self.unfinished.remove(update.job_id)
        return True


async def follow(transport: Transport, read: Read, job_ids: Collection[UUID]) -> AsyncGenerator[Update, None]:
    """Yield where jobs stand, each update newer than the last of its job, until all have ended.

    A socket that is lost has told nothing of what came then. So the jobs are read, which tells all there is to know,
    and once a second until there is a socket again: then they are told by its acks.
    """
    latest, polls = Latest(job_ids), 1
    while True:
        for _ in range(polls):
            async for update in _polled(read, latest):
                yield update
            if not latest.unfinished:
                return
            if polls > 1:
                await asyncio.sleep(POLL_SECONDS)
        polls = min(polls * 2, MOST_POLLS)
        async with aclosing(_listened(transport, latest)) as updates:
            async for update in updates:
                polls = 1
                yield update


async def _polled(read: Read, latest: Latest) -> AsyncGenerator[Update, None]:
    for job_id in list(latest.unfinished):
        update = Update.of(await read(job_id))
        if latest.takes(update):
            yield update


async def _listened(transport: Transport, latest: Latest) -> AsyncGenerator[Update, None]:
    """Yield what is news on a socket, until all jobs have ended or the socket has."""
    with suppress(sockets.Lost):
        async with aclosing(sockets.hear(transport, latest.unfinished)) as heard:
            async for update in heard:
                if latest.takes(update):
                    yield update
                if not latest.unfinished:
                    return
