"""The worker process: `python -m worker.main`."""

import asyncio
import contextlib
import itertools
import os
import signal
import sys
import time
from collections.abc import Coroutine, Iterator
from typing import Any, Final
from uuid import uuid4

import structlog
from arq.connections import ArqRedis
from sqlalchemy.ext.asyncio import AsyncEngine

from app import database, logs, settings, tasks, tracing
from app.deliveries import queue as delivery_queue
from app.events.outbox import RedisOutbox
from app.jobs import queue
from app.jobs.announcer import RedisAnnouncer
from app.notifications import channels, checks
from app.notifications.addresses import Addresses as NamedAddresses
from app.notifications.channels import Providers
from app.notifications.letters import Letters
from app.settings import Settings, SettingsError
from app.tickets.announcer import RedisAnnouncer as RedisTicketAnnouncer
from app.webhooks.addresses import Addresses
from app.webhooks.requests import Requests
from worker import duties, gauges, schema, scraped, senders
from worker.breaches import Breaches
from worker.consumer import RECONNECT_SECONDS, Consumer, Source
from worker.heartbeat import BEAT_SECONDS, Heartbeat
from worker.lane import PATIENT_SECONDS, STATEMENT_SECONDS, Lanes
from worker.people import PeopleLanes
from worker.planner import COLLECT_SECONDS, Planner
from worker.senders import Senders
from worker.sweeper import Sweeper
from worker.webhooks import WebhookLanes

NAME = "bulkhead-worker"  # in pg_stat_activity
SWEEP_SECONDS = 1.0
BREACHES_SECONDS = 2.0
MAX_CHUNK_SECONDS = 900.0  # one that is prepared or taken apart; statements have time-outs of their own
MAX_SENDING_SECONDS = 60.0  # requests have a time-out of their own, and so has their transaction

JOBS: Final = Source(queue.QUEUE, queue.CALLS, queue.RUN_LANE)
DELIVERIES: Final = Source(delivery_queue.QUEUE, delivery_queue.CALLS, delivery_queue.SEND)

log = structlog.get_logger(__name__)


async def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT."""
    engine = database.create_engine(settings, application_name=NAME, statement_seconds=STATEMENT_SECONDS)
    redis = queue.create_redis(settings.redis_url)
    lanes = _lanes(settings, engine, redis)
    providers = channels.providers_of(settings)
    sending = _senders(settings, redis, providers, lanes.stop)
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_number, lanes.stop.set)
    gauges.LANES_MAX.set(_most_lanes(settings))
    scraped.serve(settings)
    log.info("worker_started", lanes=settings.worker_lanes)
    with _heart_beating() as running:
        try:
            await schema.wait(engine, lanes.stop)
            beside = [*_repeated(settings, engine, redis), checks.check_all(itertools.chain(*providers.values()))]
            running.extend(map(asyncio.create_task, beside))
            await _consume(redis, lanes, sending, settings)
        finally:
            await tasks.end(running)
    await redis.aclose(close_connection_pool=True)
    await database.close(engine)
    log.info("worker_stopped")


def _repeated(settings: Settings, engine: AsyncEngine, redis: ArqRedis) -> list[Coroutine[Any, Any, None]]:
    """Return what is done every so often beside what wake-ups ask for."""
    outbox = RedisOutbox(redis)
    sweeper = Sweeper(engine, queue.ArqWakeUps(redis), lanes_per_job=settings.job_lanes)
    planner = Planner(engine, delivery_queue.ArqWakeUps(redis), _addresses(settings))
    breaches = Breaches(engine, RedisTicketAnnouncer(redis), outbox)

    async def measure() -> None:
        gauges.measure(engine)

    async def listen() -> None:
        await outbox.listen(planner.called.set)

    return [
        tasks.repeat(measure, gauges.MEASURE_SECONDS),
        tasks.repeat(sweeper.sweep, SWEEP_SECONDS),
        tasks.repeat(planner.sweep, SWEEP_SECONDS),
        tasks.repeat(planner.answer, COLLECT_SECONDS),
        tasks.repeat(listen, RECONNECT_SECONDS),
        tasks.repeat(breaches.sweep, BREACHES_SECONDS),
        *(duties.attend_to(duty, engine) for duty in duties.table(settings)),
    ]


@contextlib.contextmanager
def _heart_beating() -> Iterator["list[asyncio.Task[None]]"]:
    """Show `worker.health` that the loop turns; a worker that has nowhere to show it works all the same."""
    try:
        heartbeat = Heartbeat()
    except OSError as error:
        log.warning("heartbeat_not_kept", error=str(error))
        yield []
        return
    try:
        yield [asyncio.create_task(tasks.repeat(heartbeat.beat, BEAT_SECONDS))]
    finally:
        heartbeat.end()


def _most_lanes(settings: Settings) -> int:
    return min(settings.worker_lanes, settings.db_pool_max - 1)  # one is for the sweeper and the duties


def _addresses(settings: Settings) -> NamedAddresses:
    return NamedAddresses(settings.admin_email, settings.optics_addresses)


def _lanes(settings: Settings, engine: AsyncEngine, redis: ArqRedis) -> Lanes:
    patient_engine = database.create_engine(
        settings, application_name=NAME, statement_seconds=PATIENT_SECONDS, keeps_connections=False
    )
    return Lanes(
        engine,
        patient_engine,
        queue.ArqWakeUps(redis),
        RedisAnnouncer(redis),
        RedisOutbox(redis),
        chunk_size=settings.chunk_size,
        lanes_per_job=settings.job_lanes,
        slice_seconds=settings.lane_slice_seconds,
        clock=time.monotonic,
    )


def _senders(settings: Settings, redis: ArqRedis, providers: Providers, stop: asyncio.Event) -> Senders:
    sending_engine = database.create_engine(
        settings,
        application_name=NAME,
        statement_seconds=senders.STATEMENT_SECONDS,
        idle_seconds=senders.IDLE_SECONDS,
        keeps_connections=False,
    )
    return Senders(
        sending_engine,
        delivery_queue.ArqWakeUps(redis),
        WebhookLanes(Requests(Addresses(is_development=settings.app_env != "production"))),
        PeopleLanes(Letters(settings.console_url), providers),
        stop=stop,
        clock=time.monotonic,
    )


async def _consume(redis: ArqRedis, lanes: Lanes, sending: Senders, settings: Settings) -> None:
    """Take wake-ups of jobs and those of deliveries, beside each other, so that neither waits for the other's lanes."""
    jobs = Consumer(
        redis,
        JOBS,
        lanes.run,
        lanes=_most_lanes(settings),
        lane_seconds=settings.lane_slice_seconds + MAX_CHUNK_SECONDS,
        stop=lanes.stop,
    )
    deliveries = Consumer(
        redis,
        DELIVERIES,
        sending.run,
        lanes=senders.LANES,
        lane_seconds=senders.SLICE_SECONDS + MAX_SENDING_SECONDS,
        stop=lanes.stop,
    )
    async with asyncio.TaskGroup() as group:
        group.create_task(jobs.consume())
        group.create_task(deliveries.consume())


def main() -> None:
    try:
        loaded = settings.load_settings(settings.read_environment(os.environ))
        tracing.check(loaded)
    except SettingsError as error:
        sys.exit(f"bulkhead: {error}")
    logs.configure(loaded.log_level, for_people=loaded.app_env == "development")
    structlog.contextvars.bind_contextvars(worker_id=uuid4().hex[:8])
    tracing.start(loaded, NAME)
    asyncio.run(run(loaded))
    tracing.stop()


if __name__ == "__main__":
    main()
