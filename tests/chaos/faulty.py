"""A process of Bulkhead that dies or freezes at a named step, or does its work wrongly: what chaos must catch.

`python -m tests.chaos.faulty worker --die after_count:7` kills itself with SIGKILL at the seventh chunk, between the
count and the commit; `--freeze` does the same with SIGSTOP. Nothing of this is in the processes that people run.
"""

import argparse
import functools
import itertools
import os
import signal
from collections.abc import Awaitable, Callable
from typing import Any, Final

from app import __main__ as api
from app.jobs import chunks, store
from app.jobs.announcer import RedisAnnouncer
from app.jobs.intake import Intake
from tests.chaos.variants.catalog import VARIANTS
from worker import main as worker

Reached = Callable[[], None]
Step = Callable[..., Awaitable[Any]]

PROGRAMS: Final = {"app": api.main, "worker": worker.main}


def _before(owner: Any, name: str, reached: Reached) -> None:
    step: Step = getattr(owner, name)

    @functools.wraps(step)
    async def strike(*arguments: Any, **options: Any) -> Any:
        reached()
        return await step(*arguments, **options)

    setattr(owner, name, strike)


def _after(owner: Any, name: str, reached: Reached) -> None:
    step: Step = getattr(owner, name)

    @functools.wraps(step)
    async def strike(*arguments: Any, **options: Any) -> Any:
        result = await step(*arguments, **options)
        reached()
        return result

    setattr(owner, name, strike)


FAULT_POINTS: Final[dict[str, Callable[[Reached], None]]] = {
    # of a worker, in the order of a chunk's steps
    "before_apply": functools.partial(_before, chunks, "apply"),
    "after_record": functools.partial(_after, chunks, "apply"),
    "after_count": functools.partial(_after, store, "count"),
    "after_commit": functools.partial(_before, RedisAnnouncer, "announce"),
    # of an API
    "before_answer": functools.partial(_after, Intake, "submit"),
    "before_wake_up": functools.partial(_before, Intake, "launch"),
}
CHUNK_POINTS: Final = ("before_apply", "after_record", "after_count", "after_commit")
POINTS_IN_A_TRANSACTION: Final = CHUNK_POINTS[:-1]


def strike_at(moment: str, how: signal.Signals) -> None:
    """Have this process send itself a signal at a moment POINT:COUNT, the COUNTth time that it is at that point."""
    point, _, count = moment.partition(":")
    times = itertools.count(1)

    def reached() -> None:
        if next(times) == int(count):
            os.kill(os.getpid(), how)

    FAULT_POINTS[point](reached)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.faulty", description=__doc__)
    parser.add_argument("program", choices=PROGRAMS)
    parser.add_argument("--die", metavar="POINT:COUNT")
    parser.add_argument("--freeze", metavar="POINT:COUNT")
    parser.add_argument("--variant", choices=VARIANTS, action="append", default=[])
    options = parser.parse_args()
    for variant in options.variant:
        VARIANTS[variant]()
    for moment, how in ((options.die, signal.SIGKILL), (options.freeze, signal.SIGSTOP)):
        if moment:
            strike_at(moment, how)
    PROGRAMS[options.program]()


if __name__ == "__main__":
    main()
