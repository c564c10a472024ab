import asyncio
import pickle
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, cast
from uuid import UUID, uuid4

import fakeredis
import msgspec
import pytest
from arq.connections import ArqRedis
from arq.constants import in_progress_key_prefix, job_key_prefix
from arq.jobs import DeserializationError, deserialize_job_raw
from arq.typing import WorkerCoroutine
from arq.worker import Worker, func
from hypothesis import given
from hypothesis import strategies as st
from redis.exceptions import ConnectionError as RedisConnectionError
from structlog.testing import capture_logs

from app.jobs import queue
from app.jobs.models import Priority
from app.jobs.queue import ArqWakeUps

JOB_ID = UUID("01980000-0000-7000-8000-000000000001")


@pytest.fixture
def server() -> fakeredis.FakeServer:
    return fakeredis.FakeServer()


@pytest.fixture
async def redis(server: fakeredis.FakeServer) -> AsyncIterator[ArqRedis]:
    """What `create_redis` makes, but for its connections."""
    redis = ArqRedis(
        fakeredis.FakeAsyncRedis(server=server).connection_pool,
        job_serializer=queue.serialize,
        job_deserializer=queue.deserialize,
        default_queue_name=queue.QUEUE,
    )
    yield redis
    await redis.aclose(close_connection_pool=True)


async def queued_ids(redis: ArqRedis) -> list[str]:
    return [raw.decode() for raw in await redis.zrange(queue.QUEUE, 0, -1)]


async def work_off(redis: ArqRedis, run_lane: Callable[[dict[Any, Any], str], Awaitable[None]]) -> None:
    """Do what an arq worker does with its queue, one task at a time, until the queue is empty."""
    worker = Worker(
        functions=[func(cast(WorkerCoroutine, run_lane), name=queue.RUN_LANE)],
        redis_pool=redis,
        queue_name=queue.QUEUE,
        handle_signals=False,
        max_jobs=1,
        keep_result=0,
        job_serializer=queue.serialize,
        job_deserializer=queue.deserialize,
    )
    while wake_ups := await redis.zrange(queue.QUEUE, 0, -1):
        await worker.start_jobs(wake_ups)
        await asyncio.gather(*worker.tasks.values())
    assert worker.jobs_failed == 0


async def test_a_wake_up_is_a_task_that_names_the_job_and_nothing_else(redis: ArqRedis) -> None:
    await ArqWakeUps(redis).wake(JOB_ID)
    [wake_up] = await queued_ids(redis)
    stored = await redis.get(job_key_prefix + wake_up)
    assert stored is not None
    function, args, kwargs, *_ = deserialize_job_raw(stored, deserializer=queue.deserialize)
    assert (function, list(args), kwargs) == (queue.RUN_LANE, [str(JOB_ID)], {})


async def test_each_wake_up_has_an_id_that_arq_has_not_met(redis: ArqRedis) -> None:
    wake_ups = ArqWakeUps(redis)
    await wake_ups.wake(JOB_ID, 3)
    await wake_ups.wake(JOB_ID)
    assert len(set(await queued_ids(redis))) == 4


async def test_a_worker_runs_what_was_woken(redis: ArqRedis) -> None:
    woken: list[str] = []

    async def run_lane(_: dict[Any, Any], job_id: str) -> None:
        woken.append(job_id)

    await ArqWakeUps(redis).wake(JOB_ID, 2)
    await work_off(redis, run_lane)
    assert woken == [str(JOB_ID)] * 2


async def test_nothing_waits_in_a_new_queue(redis: ArqRedis) -> None:
    assert await ArqWakeUps(redis).waiting() == Counter()


async def test_wake_ups_are_counted_by_job(redis: ArqRedis) -> None:
    wake_ups, other = ArqWakeUps(redis), uuid4()
    await wake_ups.wake(JOB_ID, 2)
    await wake_ups.wake(other)
    assert await wake_ups.waiting() == {JOB_ID: 2, other: 1}


async def test_a_wake_up_that_a_worker_has_in_hand_does_not_wait(redis: ArqRedis) -> None:
    wake_ups = ArqWakeUps(redis)
    await wake_ups.wake(JOB_ID, 2)
    taken, _ = await queued_ids(redis)
    await redis.set(in_progress_key_prefix + taken, b"1")
    assert await wake_ups.waiting() == {JOB_ID: 1}


async def test_a_wake_up_is_in_hand_while_arq_runs_it(redis: ArqRedis) -> None:
    wake_ups, seen = ArqWakeUps(redis), list[Counter[UUID]]()

    async def run_lane(_: dict[Any, Any], __: str) -> None:
        seen.append(await wake_ups.waiting())

    await wake_ups.wake(JOB_ID, 2)
    await work_off(redis, run_lane)
    assert seen == [{JOB_ID: 1}, {}]


async def test_a_wake_up_that_redis_does_not_take_is_logged_and_not_raised(
    server: fakeredis.FakeServer, redis: ArqRedis
) -> None:
    server.connected = False
    with capture_logs() as lines:
        await ArqWakeUps(redis).wake(JOB_ID, 3)
    assert [(line["event"], line["job_id"]) for line in lines] == [("wake_up_lost", str(JOB_ID))]


async def test_who_asks_what_waits_hears_that_redis_is_away(server: fakeredis.FakeServer, redis: ArqRedis) -> None:
    server.connected = False
    with pytest.raises(RedisConnectionError):
        await ArqWakeUps(redis).waiting()


async def test_a_client_is_made_without_connecting_and_speaks_our_format() -> None:
    redis = queue.create_redis("redis://127.0.0.1:1")
    assert redis.job_serializer is queue.serialize
    assert redis.job_deserializer is queue.deserialize
    assert redis.default_queue_name == queue.QUEUE
    await redis.aclose(close_connection_pool=True)


plain = st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False) | st.text() | st.binary()


@given(st.dictionaries(st.text(), plain | st.lists(plain)))
def test_what_is_serialized_comes_back(value: dict[str, Any]) -> None:
    assert queue.deserialize(queue.serialize(value)) == value


def test_what_cannot_be_serialized_is_named() -> None:
    """Arq stores the result of a task too, and a result may be an exception."""
    stored = queue.serialize({"r": RuntimeError("no")})
    assert queue.deserialize(stored) == {"r": "RuntimeError('no')"}


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickle_is_refused(protocol: int) -> None:
    pickled = pickle.dumps({"f": "run_lane", "a": ("x",), "k": {}, "t": None, "et": 1}, protocol)
    with pytest.raises(msgspec.DecodeError):
        queue.deserialize(pickled)
    with pytest.raises(DeserializationError):
        deserialize_job_raw(pickled, deserializer=queue.deserialize)


@pytest.mark.parametrize("data", [b"", b"\xc1", b"garbage", b"\x93\x01\x02\x03", b"\x81\x01\x02"])
def test_what_is_no_map_of_names_is_refused(data: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        queue.deserialize(data)


async def test_what_is_urgent_comes_first_and_what_waited_longer_before_that(redis: ArqRedis) -> None:
    ids: dict[Priority, UUID] = {priority: uuid4() for priority in queue.HEAD_START_SECONDS}
    for priority, job_id in ids.items():
        await ArqWakeUps(redis).wake(job_id, priority=priority)
    assert [entry.partition("/")[0] for entry in await queued_ids(redis)] == [
        str(ids[priority]) for priority in ("high", "normal", "low")
    ]
    [waited] = [entry for entry in await queued_ids(redis) if entry.startswith(str(ids["low"]))]
    await redis.zincrby(queue.QUEUE, -61_000, waited)
    assert (await queued_ids(redis))[0] == waited


@pytest.mark.parametrize("priority", ["low", "normal", "high"])
async def test_what_is_to_come_later_comes_later_whatever_its_priority(redis: ArqRedis, priority: Priority) -> None:
    before = time.time()
    await ArqWakeUps(redis).wake(JOB_ID, priority=priority, delay_seconds=5)
    [(_, due)] = await redis.zrange(queue.QUEUE, 0, -1, withscores=True)
    assert before + 4.999 <= due / 1000 <= time.time() + 5.001  # arq rounds to milliseconds


async def test_no_sentinel_is_forgotten_however_many_ask_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    redis = queue.create_redis("redis+sentinel://one,two,three/desk")
    asked: Any = redis.connection_pool
    gone, answers, other = asked.sentinel_manager.sentinels
    both = asyncio.Barrier(2)

    async def refuse() -> None:
        raise RedisConnectionError

    async def answer() -> dict[str, Any]:
        await both.wait()
        state = {"is_master": True, "is_sdown": False, "is_odown": False, "num-other-sentinels": 2}
        return {"desk": state | {"ip": "127.0.0.1", "port": 6379}}

    monkeypatch.setattr(gone, "sentinel_masters", refuse)
    monkeypatch.setattr(answers, "sentinel_masters", answer)
    await asyncio.gather(asked.get_master_address(), asked.get_master_address())
    assert asked.sentinel_manager.sentinels[0] is answers
    assert set(asked.sentinel_manager.sentinels) == {gone, answers, other}
    await redis.aclose(close_connection_pool=True)
