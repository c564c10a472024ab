"""All tests of a process run in one event loop, so that connections outlive them; what else would is ended here."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from app import tasks
from tests.support import internals


@contextmanager
def ended() -> Iterator[None]:
    """End the tasks that began within it and go on after it."""
    loop = internals.tests_loop()
    before = asyncio.all_tasks(loop) if loop else set()
    yield
    if loop and (left := asyncio.all_tasks(loop) - before):
        loop.run_until_complete(tasks.end(left))
        for task in left:
            task.cancelled() or task.exception()  # whatever it was, no other test is told
