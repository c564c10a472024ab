"""Many sockets, and how long events took to reach them: `{port, token, sockets}` connects, `"begin"`, `"end"`."""

import asyncio
import time
from datetime import datetime

import msgspec
import uvloop

from tests.bench import programs, socket
from tests.bench.figures import percentile
from tests.bench.socket import Socket

AT_ONCE = 20  # that connect at the same time


class Heard(msgspec.Struct, frozen=True):
    """Progress events of all sockets, and the times in ms from `at` in them to their arrival."""

    count: int
    p50: float
    p99: float


class Listeners:
    def __init__(self) -> None:
        self._sockets: list[Socket] = []
        self._milliseconds: list[float] = []
        self._text = b""
        self._at = 0.0

    async def connect(self, port: int, token: str, count: int) -> None:
        for first in range(0, count, AT_ONCE):
            some = range(min(AT_ONCE, count - first))
            self._sockets += await asyncio.gather(*(socket.connect(port, token, self.receive) for _ in some))

    def receive(self, event: bytes) -> None:
        if event.startswith(b'["jobs:progress"'):
            self._milliseconds.append((time.time() - self._time_in(event)) * 1000)

    def begin(self) -> None:
        self._milliseconds.clear()

    def heard(self) -> Heard:
        times = self._milliseconds or [float("inf")]
        return Heard(len(self._milliseconds), percentile(times, 50), percentile(times, 99))

    def _time_in(self, event: bytes) -> float:
        """All sockets get the same text, so it is read once."""
        if event != self._text:
            _, payload = msgspec.json.decode(event)
            self._text, self._at = event, datetime.fromisoformat(payload["at"]).timestamp()
        return self._at


async def main() -> None:
    listeners = Listeners()
    async for question in programs.questions():
        if question == "begin":
            listeners.begin()
        elif question != "end":
            await listeners.connect(question["port"], question["token"], question["sockets"])
        programs.answer(listeners.heard() if question == "end" else None)


if __name__ == "__main__":
    uvloop.run(main())
