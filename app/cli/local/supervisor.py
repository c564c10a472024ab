"""The supervisor of a local folder: there is one at most, and it lives as long as its lock is held."""

import os
import signal
import subprocess
import sys
from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from app.cli import how_many
from app.cli.environment import REPOSITORY, Environ, Local
from app.cli.errors import CliError
from app.cli.local import client, launch, places, programs
from app.embedded import folders, layout, locks, waiting
from app.embedded.account import Account
from app.embedded.errors import with_tail

START_SECONDS = 20.0
STOP_SECONDS = 70.0  # what programs.ALL may take one after the other, and a little
ORPHAN_SECONDS = 15.0
KILL_SECONDS = 5.0

Child = subprocess.Popen[bytes]


def ensure(local: Local, *, ends_with_caller: bool) -> None:
    """Start the supervisor unless one runs, and wait until it answers."""
    child: Child | None = None

    def is_settled() -> bool:
        nonlocal child
        child = child or _start_if_first(local, ends_with_caller=ends_with_caller)
        return client.is_answering(local.local_dir) or (child is not None and child.poll() is not None)

    waiting.until(is_settled, START_SECONDS)
    if not client.is_answering(local.local_dir):
        raise CliError(with_tail("supervisord does not answer.", _log(local.local_dir)))


def is_running(local_dir: Path) -> bool:
    return locks.is_exclusive(local_dir / places.LOCK)


def stop(local_dir: Path) -> bool:
    """Stop the supervisor and all that it started, and wait for their end; tell whether there was anything."""
    if not is_running(local_dir):
        return await_processes(local_dir)
    running = client.processes(local_dir)
    pid, children = _pid(local_dir), [process.pid for process in running if process.pid]
    with suppress(client.NotThere):  # somebody else stops it
        for process in running:
            if programs.find(process.name) is programs.WORKER:
                client.stop(local_dir, process.name)  # the supervisor would stop them one after the other
    _signal(pid, signal.SIGTERM)
    # A question wakes it: left alone it looks once a second whether what it stops has ended.
    if not waiting.until(lambda: not client.is_answering(local_dir) and not is_running(local_dir), STOP_SECONDS):
        _signal(pid, signal.SIGKILL)
    await_processes(local_dir, children)
    return True


def await_processes(local_dir: Path, pids: Sequence[int] = ()) -> bool:
    """Wait for the end of processes whose supervisor is gone, for then they end too; tell whether there were any.

    Those of `pids` that take too long are killed.
    """
    held = local_dir / places.PROCESSES_LOCK
    if not locks.is_held(held):
        return False
    if waiting.until(lambda: not locks.is_held(held), ORPHAN_SECONDS):
        return True
    for pid in pids:
        _signal(pid, signal.SIGKILL)
    if not waiting.until(lambda: not locks.is_held(held), KILL_SECONDS):
        raise CliError(f"something of {local_dir} still runs, though its supervisor does not: it holds {held}")
    return True


def _start_if_first(local: Local, *, ends_with_caller: bool) -> Child | None:
    with locks.exclusive(local.local_dir / places.LOCK) as lock:
        if lock is None:
            return None
        lock.truncate(0)  # what it says is of one that is gone
        _prepare(local)
        child = _spawn(local, lock, ends_with_caller=ends_with_caller)
        lock.write(str(child.pid))
        return child


def _prepare(local: Local) -> None:
    _log(local.local_dir).parent.mkdir(mode=0o700, exist_ok=True)
    folders.own(places.control_folder(local.local_dir), Account(os.geteuid(), os.getegid()))
    write_config(local.local_dir, local.servers, local.api_url)


def write_config(local_dir: Path, servers: Collection[str], api_url: str) -> None:
    """Write the supervisor's configuration, with as many processes as were asked for last."""
    numbers = how_many.read(local_dir)
    wanted = programs.wanted(servers, numbers.get("worker", 1))
    file = local_dir / places.CONFIG
    file.touch(mode=0o600)
    file.write_text(programs.config(wanted, Path(sys.executable).name, api_url, numbers.get("api")))


def _spawn(local: Local, lock: IO[str], *, ends_with_caller: bool) -> Child:
    """Start a supervisor that inherits the lock, which it keeps from its own children."""
    launcher = ["-m", launch.__name__, programs.SUPERVISOR]
    plain = launch.supervisor_arguments(local.local_dir)
    with _log(local.local_dir).open("ab") as log:
        return subprocess.Popen(
            [sys.executable, *(launcher if ends_with_caller else plain)],
            cwd=REPOSITORY,
            env=_environ(local),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[lock.fileno()],
            start_new_session=True,  # Ctrl-C is for the caller, who then stops all in order
            umask=0o077,
        )


def _environ(local: Local) -> Environ:
    """Add what the configuration refers to, which has no paths: the interpreter's folder on the PATH, and our own."""
    return local.environ | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), local.environ.get("PATH", os.defpath)]),
        "BULKHEAD_CONTROL_SOCKET": str(places.control_socket(local.local_dir)),
        # supervisord expands the names of its children's logs twice.
        "BULKHEAD_LOGS": str(_log(local.local_dir).parent).replace("%", "%%"),
    }


def _log(local_dir: Path) -> Path:
    return layout.log_file(local_dir, programs.SUPERVISOR)


def _pid(local_dir: Path) -> int:
    """Return the pid in the lock file, which whoever takes the lock writes a moment later."""
    file = local_dir / places.LOCK
    if not waiting.until(lambda: bool(file.read_text()), START_SECONDS):
        raise CliError(f"{file} is held, and nothing tells by whom")
    return int(file.read_text())


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
