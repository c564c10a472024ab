import io
import os
import signal

import pytest

from app.cli import interrupts


class Interrupted(io.RawIOBase):
    """A file whose finalizer is where Ctrl-C strikes."""

    def close(self) -> None:
        if not self.closed:
            super().close()
            os.kill(os.getpid(), signal.SIGINT)


def test_an_interrupt_that_a_finalizer_swallowed_is_raised_when_asked_for() -> None:
    with interrupts.remembered() as raise_if_interrupted:
        raise_if_interrupted()
        Interrupted()
        with pytest.raises(KeyboardInterrupt):
            raise_if_interrupted()


def test_an_interrupt_is_raised_at_once_and_afterwards_as_ever() -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), interrupts.remembered():
        os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
