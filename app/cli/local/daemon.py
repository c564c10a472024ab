"""The supervisor of a local folder: there is one at most, and it lives as long as its lock is held."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO

from app.cli import waiting
from app.cli.environment import REPOSITORY, Environ, Local
from app.cli.errors import CliError
from app.cli.local import alive, config, launch, locks, logs, places, programs
from app.cli.local.client import Client, NotThere
from app.embedded import folders
from app.embedded.account import Account

START_SECONDS = 20.0
STOP_SECONDS = 70.0  # what programs.ALL may take one after the other, and a little
ORPHAN_SECONDS = 15.0

Child = subprocess.Popen[bytes]


def client(local_dir: Path) -> Client:
    return Client(places.control_socket(local_dir))


def ensure(local: Local, *, ends_with_caller: bool) -> None:
    """Start the supervisor unless one runs, and wait until it answers."""
    child: Child | None = None

    def is_settled() -> bool:
        nonlocal child
        child = child or _start_if_first(local, ends_with_caller=ends_with_caller)
        return is_answering(local.local_dir) or (child is not None and child.poll() is not None)

    waiting.until(is_settled, START_SECONDS)
    if not is_answering(local.local_dir):
        raise CliError(logs.with_tail("supervisord does not answer.", local.local_dir, launch.SUPERVISOR))


def is_running(local_dir: Path) -> bool:
    return locks.is_held_alone(places.lock(local_dir))


def is_answering(local_dir: Path) -> bool:
    try:
        client(local_dir).processes()
    except NotThere:
        return False
    return True


def stop(local_dir: Path) -> bool:
    """Stop the supervisor and all that it started, and wait for their end; tell whether there was anything."""
    if is_running(local_dir):
        _stop_supervisor(local_dir)
        await_processes(local_dir)
        return True
    return await_processes(local_dir)


def await_processes(local_dir: Path) -> bool:
    """Wait for the end of processes whose supervisor is gone, for then they end too; tell whether there were any."""
    held = places.held_by_processes(local_dir)
    if not locks.is_shared(held):
        return False
    if not waiting.until(lambda: not locks.is_shared(held), ORPHAN_SECONDS):
        raise CliError(f"something of {local_dir} still runs, though its supervisor does not: it holds {held}")
    return True


def _stop_supervisor(local_dir: Path) -> None:
    children, pid = _children(local_dir), _pid(local_dir)
    _signal(pid, signal.SIGTERM)
    # A question wakes it: left alone it looks once a second whether what it stops has ended.
    if not waiting.until(lambda: not is_answering(local_dir) and not is_running(local_dir), STOP_SECONDS):
        _signal(pid, signal.SIGKILL)
    if not alive.end(children, ORPHAN_SECONDS):
        raise CliError(f"not all of the processes {children} have ended")


def _start_if_first(local: Local, *, ends_with_caller: bool) -> Child | None:
    with locks.alone(places.lock(local.local_dir)) as lock:
        if lock is None:
            return None
        lock.truncate(0)  # what it says is of one that is gone
        _prepare(local)
        child = _spawn(local, lock, ends_with_caller=ends_with_caller)
        lock.write(str(child.pid))
        return child


def _prepare(local: Local) -> None:
    places.log(local.local_dir, launch.SUPERVISOR).parent.mkdir(mode=0o700, exist_ok=True)
    folders.own(places.control_folder(local.local_dir), Account(os.geteuid(), os.getegid()))
    text = config.render(programs.wanted(local.servers), Path(sys.executable).name, local.api_url)
    file = places.config(local.local_dir)
    file.touch(mode=0o600)
    file.write_text(text)


def _spawn(local: Local, lock: IO[str], *, ends_with_caller: bool) -> Child:
    """It inherits the lock, which it keeps from its own children."""
    launcher = ["-m", "app.cli.local.launch", launch.SUPERVISOR]
    plain = launch.supervisor_arguments(local.local_dir)
    with places.log(local.local_dir, launch.SUPERVISOR).open("ab") as log:
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
    """The configuration holds no paths: it finds the interpreter on the PATH and its folders in these."""
    logs_folder = places.log(local.local_dir, launch.SUPERVISOR).parent
    return local.environ | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), local.environ.get("PATH", os.defpath)]),
        "BULKHEAD_CONTROL_SOCKET": str(places.control_socket(local.local_dir)),
        "BULKHEAD_LOGS": str(logs_folder).replace("%", "%%"),  # the names of children's logs are expanded twice
    }


def _children(local_dir: Path) -> list[int]:
    try:
        return [process.pid for process in client(local_dir).processes() if process.pid]
    except NotThere:
        return []


def _pid(local_dir: Path) -> int:
    """Whose lock it is; whoever takes it writes that a moment later."""
    file = places.lock(local_dir)
    if not waiting.until(lambda: bool(file.read_text()), START_SECONDS):
        raise CliError(f"{file} is held, and nothing tells by whom")
    return int(file.read_text())


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
