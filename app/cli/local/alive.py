"""Whether processes that are not our children still run."""

import os
import signal
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from app.cli import waiting


def is_alive(pid: int) -> bool:
    """Whether it runs; a zombie does not, and stays one where nobody reaps orphans."""
    stat = Path(f"/proc/{pid}/stat")
    if not Path("/proc/self/stat").exists():  # no Linux
        return _exists(pid)
    try:
        return stat.read_text(errors="replace").rpartition(") ")[2][0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def end(pids: Iterable[int], timeout_seconds: float) -> bool:
    """Waits for the end of processes that were told to, then kills; tells whether all are gone."""
    left = list(pids)
    if waiting.until(lambda: not any(map(is_alive, left)), timeout_seconds):
        return True
    for pid in filter(is_alive, left):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return waiting.until(lambda: not any(map(is_alive, left)), timeout_seconds)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
