import os

import pytest

from app.accounts import passwords


def test_a_container_has_as_many_cores_as_python_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Python 3.13 and newer has it; each hash at once takes 64 MiB, and the machine's cores may be many."""
    monkeypatch.setattr(os, "process_cpu_count", lambda: 3, raising=False)
    assert passwords.cores() == 3


def test_elsewhere_it_has_those_that_it_may_run_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "process_cpu_count", raising=False)
    assert passwords.cores() == len(os.sched_getaffinity(0))
