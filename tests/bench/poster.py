"""What httpx takes to post alone, `{url, count, at_once}`, as many at once as a lane does; tells the seconds."""

import asyncio
import time

import httpx
import uvloop

from tests.bench import programs

BODY = b"x" * 500


async def main() -> None:
    async for question in programs.questions():
        programs.answer(await _post(**question))


async def _post(url: str, count: int, at_once: int) -> float:
    started = time.perf_counter()
    async with httpx.AsyncClient(timeout=None, trust_env=False) as client:  # noqa: S113 - as a lane's, which counts itself
        for _ in range(count // at_once):
            await asyncio.gather(*(client.post(url, content=BODY) for _ in range(at_once)))
    return time.perf_counter() - started


if __name__ == "__main__":
    uvloop.run(main())
