"""One server at a time in a data folder, nothing left over from the one before, and none that outlives its parent."""

import ctypes
import fcntl
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

from app.embedded import locks, waiting
from app.embedded.errors import EmbeddedError

LOCK_SECONDS = 5.0
PR_SET_PDEATHSIG = 1  # linux/prctl.h


def claim(data: Path, program: str) -> None:
    """Lock a data folder for this process, the server it becomes and that server's children.

    They inherit the open lock, so it is free only when the last of them is gone.
    """
    lock_file = data.with_name("lock")
    lock = os.open(lock_file, os.O_RDWR | os.O_CREAT, 0o600)
    _end_orphans(data, program, lock_file, data / "postmaster.pid")
    if not waiting.until(lambda: locks.is_granted(lock, fcntl.LOCK_EX), LOCK_SECONDS):
        raise EmbeddedError(f"process {_pid_in(lock_file)} holds {data} already")
    os.ftruncate(lock, 0)
    os.write(lock, f"{os.getpid()}\n".encode())
    os.set_inheritable(lock, True)


def end_with(parent: int, death_signal: signal.Signals) -> None:
    """Have the kernel send the signal when the parent ends.

    Call it last: it survives exec, but not a change of the user.
    """
    if sys.platform != "linux":
        return
    if ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal.value, 0, 0, 0) != 0:
        raise EmbeddedError("the kernel refuses PR_SET_PDEATHSIG")
    if os.getppid() != parent:  # it ended before the kernel was asked
        raise EmbeddedError(f"process {parent}, which started this one, has ended")


def _end_orphans(data: Path, program: str, *pid_files: Path) -> None:
    """Kill what a killed server left; PostgreSQL recovers from its log after that as after any crash."""
    for pid in (int(process.name) for process in Path("/proc").glob("[1-9]*")):
        if _works_in(data, program, pid):
            _refuse_second(data, program, *pid_files)  # asked each time: one may have started meanwhile
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _refuse_second(data: Path, program: str, *pid_files: Path) -> None:
    for pid in map(_pid_in, pid_files):
        if _works_in(data, program, pid):
            raise EmbeddedError(f"process {pid} serves {data} already")


def _works_in(data: Path, program: str, pid: int) -> bool:
    process = Path("/proc", str(pid))
    try:
        return (process / "comm").read_text().strip() == program and (process / "cwd").samefile(data)
    except OSError:  # gone, or someone else's
        return False


def _pid_in(file: Path) -> int:
    """Return the number on a file's first line; 0, which is no process, where there is none."""
    try:
        return int(file.read_text().split(maxsplit=1)[0])
    except (FileNotFoundError, ValueError, IndexError):
        return 0
