"""Ctrl-C, in places where Python could lose it."""

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType


@contextmanager
def remembered() -> Iterator[Callable[[], None]]:
    """Give a function that raises `KeyboardInterrupt` if Ctrl-C was pressed within the block.

    It raises one at once, too, but Python drops what is raised while it finalizes a file or a socket.
    """
    came = False

    def remember(number: int, frame: FrameType | None) -> None:
        nonlocal came
        came = True
        signal.default_int_handler(number, frame)

    def check() -> None:
        if came:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, remember)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def undone() -> Iterator[ExitStack]:
    """Give a stack of what is undone when the block fails, the last first, which Ctrl-C then does not interrupt.

    A request to end (SIGTERM) is taken for a Ctrl-C.
    """
    stack = ExitStack()
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield stack
    except BaseException:
        with _deaf():
            stack.close()
        raise
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _deaf() -> Iterator[None]:
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, before[number])
