"""Programs of the benchmarks' own, in processes of their own: what they take must not slow down what is measured."""

import asyncio
import contextlib
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from tests.support.servers import REPOSITORY


class Program:
    """It is told, and tells, one line of JSON after the other."""

    def __init__(self, process: Process) -> None:
        self.pid = process.pid
        self._process = process

    async def ask(self, question: object) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(msgspec.json.encode(question) + b"\n")
        said = await self._process.stdout.readline()
        assert said, "the program has ended"
        return msgspec.json.decode(said)


@contextlib.asynccontextmanager
async def running(module: str) -> AsyncIterator[Program]:
    """Start a module of this folder."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", f"tests.bench.{module}"), cwd=REPOSITORY, stdin=PIPE, stdout=PIPE, limit=2**24
    )
    try:
        yield Program(process)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def questions() -> AsyncIterator[Any]:
    """Yield what this process is asked."""
    reader = asyncio.StreamReader(limit=2**24)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        yield msgspec.json.decode(line)


def answer(value: object) -> None:
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
    sys.stdout.flush()
