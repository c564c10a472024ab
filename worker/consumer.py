"""How a worker takes wake-ups from a queue: all that it has to do with arq."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, cast
from uuid import UUID

import msgspec
import structlog
from arq.connections import ArqRedis
from arq.typing import WorkerCoroutine
from arq.worker import Worker, func

from app import channels, tasks
from app.jobs import queue
from app.outages import is_unavailable

GRACE_SECONDS: Final = 5.0  # what is in hand gets after SIGTERM; then its transaction is rolled back
RECONNECT_SECONDS: Final = 0.5
POLL_SECONDS: Final = 0.1  # for wake-ups that are due later, and for those whose call was missed

log = structlog.get_logger(__name__)


class Source(msgspec.Struct, frozen=True):
    """A queue, the channel that calls when something is due there, and the name of the task that is in it."""

    queue: str
    calls: str
    task: str


class Consumer:
    """Runs lanes on the subjects of wake-ups until `stop` is set: so many at a time, each for so long at most."""

    def __init__(
        self,
        redis: ArqRedis,
        source: Source,
        run: Callable[[UUID], Awaitable[None]],
        *,
        lanes: int,
        lane_seconds: float,
        stop: asyncio.Event,
    ) -> None:
        self._redis = redis
        self._source = source
        self._run = run
        self._lanes = lanes
        self._lane_seconds = lane_seconds
        self._stop = stop

    async def consume(self) -> None:
        """Run arq, and run it again whenever it gave up because Redis was away."""
        while not self._stop.is_set():
            worker = self._create_arq_worker()
            polling = asyncio.create_task(worker.async_run())
            answering = asyncio.create_task(self._answer_calls(worker))
            stopping = asyncio.create_task(self._stop.wait())
            await asyncio.wait({polling, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not stopping.done():
                stopping.cancel()
                log.warning("redis_lost", error=type(polling.exception()).__name__)
            await tasks.end([answering])
            await _finish(worker, polling)
            if not self._stop.is_set():
                await asyncio.sleep(RECONNECT_SECONDS)

    async def _answer_calls(self, worker: Worker) -> None:
        """Have arq look into its queue the moment that something is there."""

        async def answer() -> None:
            await channels.listen(self._redis, self._source.calls, look)

        async def look(_: bytes) -> None:
            await worker._poll_iteration()  # noqa: SLF001 - as its own loop does every POLL_SECONDS

        await tasks.repeat(answer, RECONNECT_SECONDS)

    def _create_arq_worker(self) -> Worker:
        async def run_lane(_: dict[Any, Any], subject_id: str) -> None:
            await self._run(UUID(subject_id))

        return Worker(
            functions=[func(cast(WorkerCoroutine, run_lane), name=self._source.task)],
            redis_pool=self._redis,
            queue_name=self._source.queue,
            handle_signals=False,
            max_jobs=self._lanes,
            job_timeout=self._lane_seconds,
            keep_result=0,
            max_tries=1,
            retry_jobs=False,
            poll_delay=POLL_SECONDS,
            job_serializer=queue.serialize,
            job_deserializer=queue.deserialize,
        )


async def _finish(worker: Worker, polling: "asyncio.Task[None]") -> None:
    """Let the lanes in hand end what they are at, then cancel what is left."""
    worker.allow_pick_jobs = False
    running = set(worker.tasks.values())
    if running:
        await asyncio.wait(running, timeout=GRACE_SECONDS)
    await tasks.end({polling, *running})
    for task in {polling, *running}:
        error = None if task.cancelled() else task.exception()
        if error is not None and not is_unavailable(error):
            raise error
