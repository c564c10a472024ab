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


def test_what_fails_is_undone_the_last_first_and_an_interrupt_does_not_stop_that() -> None:
    done: list[object] = []

    def undo_in_spite_of_an_interrupt() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        done.append("second")

    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]

    def fail() -> None:
        with interrupts.undone() as undo:
            undo.callback(done.append, "first")
            undo.callback(undo_in_spite_of_an_interrupt)
            os.kill(os.getpid(), signal.SIGTERM)

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert done == ["second", "first"]
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_what_ends_well_is_not_undone() -> None:
    with interrupts.undone() as undo:
        undo.callback(pytest.fail, "was undone")
