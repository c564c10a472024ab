"""The worker process: `python -m worker.main`."""

import asyncio
import os
import signal
import sys
import time
from typing import Any, cast
from uuid import UUID, uuid4

import structlog
from arq.connections import ArqRedis
from arq.typing import WorkerCoroutine
from arq.worker import Worker, func

from app import database, logs, settings, tasks
from app.jobs import queue
from app.jobs.announcer import RedisAnnouncer
from app.outages import is_unavailable
from app.settings import Settings, SettingsError
from app.tickets.announcer import RedisAnnouncer as RedisTicketAnnouncer
from worker import duties
from worker.breaches import Breaches
from worker.lane import PATIENT_SECONDS, STATEMENT_SECONDS, Lanes
from worker.sweeper import Sweeper

NAME = "bulkhead-worker"  # in pg_stat_activity
GRACE_SECONDS = 5.0  # what a chunk in hand gets after SIGTERM; then its transaction is rolled back
RECONNECT_SECONDS = 0.5
LISTEN_SECONDS = 1.0
SWEEP_SECONDS = 1.0
BREACHES_SECONDS = 2.0
POLL_SECONDS = 0.1  # for wake-ups that are due later, and for those whose call was missed
MAX_CHUNK_SECONDS = 900.0  # one that is prepared or taken apart; statements have time-outs of their own

log = structlog.get_logger(__name__)


async def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT."""
    engine = database.create_engine(settings, application_name=NAME, statement_seconds=STATEMENT_SECONDS)
    patient_engine = database.create_engine(
        settings, application_name=NAME, statement_seconds=PATIENT_SECONDS, keeps_connections=False
    )
    redis = queue.create_redis(settings.redis_url)
    wake_ups = queue.ArqWakeUps(redis)
    lanes = Lanes(
        engine,
        patient_engine,
        wake_ups,
        RedisAnnouncer(redis),
        chunk_size=settings.chunk_size,
        lanes_per_job=settings.job_lanes,
        slice_seconds=settings.lane_slice_seconds,
        clock=time.monotonic,
    )
    sweeper = Sweeper(engine, wake_ups, lanes_per_job=settings.job_lanes)
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_number, lanes.stop.set)
    log.info("worker_started", lanes=settings.worker_lanes)
    breaches = Breaches(engine, RedisTicketAnnouncer(redis))
    sweeping = (tasks.repeat(sweeper.sweep, SWEEP_SECONDS), tasks.repeat(breaches.sweep, BREACHES_SECONDS))
    attending = [duties.attend_to(duty, engine) for duty in duties.table(settings)]
    running = [asyncio.create_task(each) for each in (*sweeping, *attending)]
    try:
        await _take_wake_ups(redis, lanes, settings)
    finally:
        await tasks.end(running)
    await redis.aclose(close_connection_pool=True)
    await database.close(engine)
    log.info("worker_stopped")


async def _take_wake_ups(redis: ArqRedis, lanes: Lanes, settings: Settings) -> None:
    """Run arq, and run it again whenever it gave up because Redis was away."""
    while not lanes.stop.is_set():
        worker = _create_arq_worker(redis, lanes, settings)
        polling = asyncio.create_task(worker.async_run())
        answering = asyncio.create_task(_answer_calls(redis, worker))
        stopping = asyncio.create_task(lanes.stop.wait())
        await asyncio.wait({polling, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not stopping.done():
            stopping.cancel()
            log.warning("redis_lost", error=type(polling.exception()).__name__)
        await tasks.end([answering])
        await _finish(worker, polling)
        if not lanes.stop.is_set():
            await asyncio.sleep(RECONNECT_SECONDS)


async def _answer_calls(redis: ArqRedis, worker: Worker) -> None:
    """Have arq look into its queue the moment that something is there."""

    async def answer() -> None:
        async with redis.pubsub(ignore_subscribe_messages=True) as calls:
            await calls.subscribe(queue.CALLS)
            while True:
                if await calls.get_message(timeout=LISTEN_SECONDS) is not None:
                    await worker._poll_iteration()  # noqa: SLF001 - as its own loop does every POLL_SECONDS

    await tasks.repeat(answer, RECONNECT_SECONDS)


async def _finish(worker: Worker, polling: "asyncio.Task[None]") -> None:
    """Let the lanes in hand end their chunks, then cancel what is left."""
    worker.allow_pick_jobs = False
    running = set(worker.tasks.values())
    if running:
        await asyncio.wait(running, timeout=GRACE_SECONDS)
    await tasks.end({polling, *running})
    for task in {polling, *running}:
        error = None if task.cancelled() else task.exception()
        if error is not None and not is_unavailable(error):
            raise error


def _create_arq_worker(redis: ArqRedis, lanes: Lanes, settings: Settings) -> Worker:
    async def run_lane(_: dict[Any, Any], job_id: str) -> None:
        await lanes.run(UUID(job_id))

    return Worker(
        functions=[func(cast(WorkerCoroutine, run_lane), name=queue.RUN_LANE)],
        redis_pool=redis,
        queue_name=queue.QUEUE,
        handle_signals=False,
        max_jobs=min(settings.worker_lanes, settings.db_pool_max - 1),  # one is for the sweeper and the duties
        job_timeout=settings.lane_slice_seconds + MAX_CHUNK_SECONDS,
        keep_result=0,
        max_tries=1,
        retry_jobs=False,
        poll_delay=POLL_SECONDS,
        job_serializer=queue.serialize,
        job_deserializer=queue.deserialize,
    )


def main() -> None:
    try:
        loaded = settings.load_settings(settings.read_environment(os.environ))
    except SettingsError as error:
        sys.exit(f"bulkhead: {error}")
    logs.configure(loaded.log_level, as_json=loaded.app_env != "development")
    structlog.contextvars.bind_contextvars(worker_id=uuid4().hex[:8])
    asyncio.run(run(loaded))


if __name__ == "__main__":
    main()
