"""What a job of half of all tickets asks of Redis: commands, bytes over its sockets, and bytes that it holds.

Commands and network bytes are what the counters of INFO grew by from the POST to the end, less what they grow by in
the same time when nothing runs: workers poll the queue, and each API process listens. Bytes held are the most that all
keys took together, by MEMORY USAGE, in a second job of the same size, and so is what is left of them at the end. Among
the commands is one announcement a chunk, so their number goes with the chunks; the bytes held do not.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from redis.asyncio import Redis

from tests.bench import watched_system
from tests.bench.databases import Databases
from tests.bench.figures import Row, Target, row
from tests.bench.tickets import HALF
from tests.bench.watched_system import WatchedSystem

SAMPLE_SECONDS = 0.05
TARGET = Target("median", "<", 10_000)


async def measure(databases: Databases) -> list[Row]:
    async with databases.copy() as database, watched_system.running(database) as system:
        case = f"{database.tagged(HALF):,} by filter"
        before = await _counters(system.redis)
        seconds = await _work(system, "low")
        after = await _counters(system.redis)
        await asyncio.sleep(seconds)
        idle = await _counters(system.redis)
        commands, sent = (2 * after[at] - before[at] - idle[at] for at in range(2))
        sampling = asyncio.create_task(_most_held(system.redis))
        await _work(system, "high")
        left = await _held(system.redis)
        sampling.cancel()
        most = await sampling
    return [
        row(case, "commands", "", [commands], [idle[0] - after[0]]),
        row(case, "over its sockets", "bytes", [sent], [idle[1] - after[1]]),
        row(case, "held at most", "bytes", [most], target=TARGET),
        row(case, "left at the end", "bytes", [left]),
    ]


async def _work(system: WatchedSystem, priority: str) -> float:
    """Do the job and return the seconds that it took."""
    started = time.perf_counter()
    _, job_id = await system.post(watched_system.request("bulk-update", filter={"tags": HALF}, priority=priority))
    await system.finish(job_id)
    return time.perf_counter() - started


async def _counters(redis: Redis) -> tuple[int, int]:
    """Return commands and network bytes so far."""
    info: dict[str, Any] = await redis.info("stats")
    sent = info["total_net_input_bytes"] + info["total_net_output_bytes"]
    return info["total_commands_processed"], sent


async def _most_held(redis: Redis) -> int:
    """Sample until canceled, then return the most that was held."""
    most = 0
    try:
        while True:
            most = max(most, await _held(redis))
            await asyncio.sleep(SAMPLE_SECONDS)
    except asyncio.CancelledError:
        return most


async def _held(redis: Redis) -> int:
    usage: Callable[[Any], Any] = redis.memory_usage
    return sum([await usage(key) or 0 async for key in redis.scan_iter()])
