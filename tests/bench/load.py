"""Asks for paths, `{port, token, paths, seconds}`, over connections that each go on as soon as they have an answer."""

import asyncio
import time

import msgspec
import uvloop

from tests.bench import programs
from tests.bench.figures import percentile
from tests.bench.wire import Wire

CONNECTIONS = 10  # as many as the API has to Postgres


class Load(msgspec.Struct, frozen=True):
    """Requests a second, and their times in ms."""

    rate: float
    p50: float
    p99: float


def of(milliseconds: list[float], seconds: float) -> Load:
    return Load(len(milliseconds) / seconds, percentile(milliseconds, 50), percentile(milliseconds, 99))


async def main() -> None:
    async for question in programs.questions():
        programs.answer(await _load(**question))


async def _load(port: int, token: str, paths: list[str], seconds: float) -> Load:
    wires = [await Wire.connect(port, token) for _ in range(CONNECTIONS)]
    started = time.perf_counter()
    shares = [paths[number::CONNECTIONS] for number in range(CONNECTIONS)]
    found = await asyncio.gather(*(_ask(*pair, started + seconds) for pair in zip(wires, shares, strict=True)))
    took = time.perf_counter() - started
    for wire in wires:
        await wire.close()
    return of([each for times in found for each in times], took)


async def _ask(wire: Wire, paths: list[str], until: float) -> list[float]:
    milliseconds: list[float] = []
    while time.perf_counter() < until:
        answer = await wire.get(paths[len(milliseconds) % len(paths)])
        assert answer.status == 200, (answer, paths)
        milliseconds.append(answer.seconds * 1000)
    return milliseconds


if __name__ == "__main__":
    uvloop.run(main())
