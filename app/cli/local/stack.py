"""A local stack from nothing to answering, in steps each of which may have been done already."""

from collections.abc import Callable, Sequence
from pathlib import Path

from app.cli import health, ports
from app.cli.environment import Local
from app.cli.errors import CliError
from app.cli.local import daemon, logs, programs
from app.cli.local.watch import ProcessFailed, Watch
from app.cli.processes import Process
from app.embedded import binaries, readiness

SERVER_SECONDS = 60.0  # a first one runs initdb
OURS_SECONDS = 30.0


def is_up(local_dir: Path) -> bool:
    """Whether all processes run and the API answers."""
    if not daemon.is_answering(local_dir):
        return False
    client = daemon.client(local_dir)
    return _all_run(client.processes()) and health.is_good(client.api_url())


def start_supervisor(local: Local, *, ends_with_caller: bool) -> None:
    if not daemon.is_running(local.local_dir):
        daemon.await_processes(local.local_dir)
        ports.require_free(local.settings.host, local.settings.port)
        if local.servers:
            binaries.ensure(local.local_dir)  # not in the background: it may take a while, and says so
    daemon.ensure(local, ends_with_caller=ends_with_caller)


def start_servers(local_dir: Path) -> None:
    """Start Postgres and Redis, those that are ours, and wait until they answer."""
    is_ready = {"postgres": readiness.postgres_ready, "redis": readiness.redis_ready}
    names = _names(local_dir, is_server=True)
    _start(local_dir, names, SERVER_SECONDS, lambda _: all(is_ready[name](local_dir) for name in names))


def start_ours(local_dir: Path) -> None:
    """Start the API and the worker, and wait until they have stayed up a moment and the API answers."""
    names, url = _names(local_dir, is_server=False), api_url(local_dir)
    _start(local_dir, names, OURS_SECONDS, lambda found: _all_run(found) and health.is_good(url))


def processes(local_dir: Path) -> list[Process]:
    """Return them in the order in which they start; none when there is no supervisor."""
    if not daemon.is_answering(local_dir):
        return []
    order = [program.name for program in programs.ALL]
    return sorted(daemon.client(local_dir).processes(), key=lambda process: order.index(process.name))


def api_url(local_dir: Path) -> str:
    """Return the address that the processes were started with, whatever PORT says by now."""
    return daemon.client(local_dir).api_url()


def _all_run(found: Sequence[Process]) -> bool:
    return all(process.is_running for process in found)


def _names(local_dir: Path, *, is_server: bool) -> list[str]:
    known = [programs.find(process.name) for process in daemon.client(local_dir).processes()]
    return [program.name for program in known if program.is_server is is_server]


def _start(
    local_dir: Path, names: Sequence[str], timeout_seconds: float, is_ready: Callable[[list[Process]], bool]
) -> None:
    client = daemon.client(local_dir)
    for name in names:
        client.start(name)
    try:
        if not Watch(client, names).wait(is_ready, timeout_seconds):
            raise CliError(_too_late(local_dir, names, timeout_seconds))
    except ProcessFailed as error:
        raise CliError(logs.with_tail(str(error), local_dir, error.process.name)) from error


def _too_late(local_dir: Path, names: Sequence[str], timeout_seconds: float) -> str:
    message = f"{' and '.join(names)} did not answer within {timeout_seconds:.0f} seconds."
    return logs.with_tail(message, local_dir, names[0])
