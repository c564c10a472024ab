"""Asks for paths, `{port, token, paths}`, over some connections, each for the next as soon as it has an answer."""

import asyncio
import time
from typing import Any

import msgspec
import uvloop

from tests.bench import programs
from tests.bench.figures import percentile
from tests.bench.wire import Wire

CONNECTIONS = 10  # as many as the API has to Postgres
SECONDS = 2.0


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


async def _load(port: int, token: str, paths: list[str]) -> Load:
    wires = [await Wire.connect(port, token) for _ in range(CONNECTIONS)]
    started = time.perf_counter()
    shares = [paths[number::CONNECTIONS] for number in range(CONNECTIONS)]
    found = await asyncio.gather(*(_ask(*pair, started + SECONDS) for pair in zip(wires, shares, strict=True)))
    seconds = time.perf_counter() - started
    for wire in wires:
        await wire.close()
    return of([each for times in found for each in times], seconds)


async def _ask(wire: Wire, paths: list[str], until: float) -> list[float]:
    milliseconds: list[float] = []
    while time.perf_counter() < until:
        answer = await wire.get(paths[len(milliseconds) % len(paths)])
        assert answer.status == 200, (answer, paths)
        milliseconds.append(answer.seconds * 1000)
    return milliseconds


async def ask(program: programs.Program, **question: Any) -> Load:
    return msgspec.convert(await program.ask(question), Load)


if __name__ == "__main__":
    uvloop.run(main())
