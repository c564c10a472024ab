"""The processes of this machine: how they start, one step after the other."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from app.cli import console, health, interrupts, ports
from app.cli.environment import Environ, Local
from app.cli.errors import CliError
from app.cli.local import client, programs, supervisor
from app.cli.local.programs import Program
from app.cli.processes import Process
from app.embedded import binaries, layout, waiting
from app.embedded.errors import with_tail
from app.embedded.readiness import IS_READY

SERVER_SECONDS = 60.0  # a first start runs initdb
OURS_SECONDS = 30.0

Step = tuple[str, Callable[[], None]]
Answer = Callable[[Path, Sequence[Process]], bool]


def start(local: Local, tell: Callable[[str], None], *, ends_with_caller: bool = False) -> str:
    """Start what does not run yet, wait until all of it answers, and return the API's address.

    What fails, or is interrupted, leaves nothing running that did not run before.
    """
    if is_up(local.local_dir):
        tell("Everything is up already.")
        return client.api_url(local.local_dir)
    with interrupts.remembered() as raise_if_interrupted, ExitStack() as undo:
        if not supervisor.is_running(local.local_dir):
            undo.callback(supervisor.stop, local.local_dir)
            _make_sure_it_can_start(local, tell)
        supervisor.ensure(local, ends_with_caller=ends_with_caller)
        for text, step in _steps(local):
            raise_if_interrupted()
            tell(text)
            step()
        raise_if_interrupted()
        undo.pop_all()
    return client.api_url(local.local_dir)


def start_servers(local: Local) -> None:
    """Start the servers that are ours, and nothing else, and wait until they answer."""
    supervisor.await_processes(local.local_dir)
    binaries.ensure(local.local_dir)
    supervisor.ensure(local, ends_with_caller=True)
    _bring_up(local.local_dir, programs.SERVERS, SERVER_SECONDS, _servers_answer)


def start_ours(local_dir: Path, names: Sequence[str]) -> None:
    """Start some of the API and the worker, and wait until they answer."""
    wanted = [program for program in programs.OURS if program.name in names]
    _bring_up(local_dir, wanted, OURS_SECONDS, _ours_answer if programs.API in wanted else _have_stayed)


def names_of_ours(local_dir: Path) -> list[str]:
    """Return the processes of the API and the worker, running or not; none where there is no supervisor."""
    return [process.name for process in client.processes(local_dir) if not programs.find(process.name).is_server]


def stop_ours(local_dir: Path, names: Sequence[str]) -> None:
    """Stop some of the API and the worker, and wait for their end."""
    for name in names:
        client.stop(local_dir, name)

    def have_ended() -> bool:
        return not any(process.pid for process in client.processes(local_dir) if process.name in names)

    if not waiting.until(have_ended, OURS_SECONDS):
        raise CliError(f"{' and '.join(names)} did not stop within {OURS_SECONDS:.0f} seconds")


def is_up(local_dir: Path) -> bool:
    """Tell whether all processes run and the API answers."""
    return _all_run(client.processes(local_dir)) and health.is_good(client.api_url(local_dir))


def bring_up_ours(local_dir: Path) -> None:
    """Start the API and workers that do not run, and wait until they do."""
    _bring_up(local_dir, programs.OURS, OURS_SECONDS, _ours_answer)


def _make_sure_it_can_start(local: Local, tell: Callable[[str], None]) -> None:
    supervisor.await_processes(local.local_dir)
    ports.require_free(local.settings.host, local.settings.port)
    if local.servers:
        binaries.ensure(local.local_dir)  # not in the background: it may take a while, and says so
    console.ensure(tell)  # before the API, which reads it at its start


def _steps(local: Local) -> Iterator[Step]:
    servers = partial(_bring_up, local.local_dir, programs.SERVERS, SERVER_SECONDS, _servers_answer)
    ours = partial(bring_up_ours, local.local_dir)
    if local.servers:
        yield "Starting PostgreSQL and Redis ...", servers
    yield "Migrating the database ...", partial(_migrate, local.environ)
    yield "Starting the API and the worker ...", ours


def _migrate(environ: Environ) -> None:
    from app.cli.commands import migrate  # noqa: PLC0415 - Alembic and SQLAlchemy, which a start that ends before spares

    migrate.prepare(environ)


def _servers_answer(local_dir: Path, found: Sequence[Process]) -> bool:
    return all(IS_READY[process.name](local_dir) for process in found)


def _ours_answer(local_dir: Path, found: Sequence[Process]) -> bool:
    """Tell whether they have stayed up for a moment and the API answers."""
    return _all_run(found) and health.is_good(client.api_url(local_dir))


def _have_stayed(_: Path, found: Sequence[Process]) -> bool:
    return _all_run(found)


def _bring_up(local_dir: Path, wanted: Sequence[Program], timeout_seconds: float, answer: Answer) -> None:
    """Start those of the wanted programs that the supervisor has, and wait until they answer."""
    names = [process.name for process in client.processes(local_dir) if programs.find(process.name) in wanted]
    timeout_seconds *= max(len(names) / len(wanted), 1)  # there may be many workers
    first_pids: dict[str, int] = {}
    for name in names:
        client.start(local_dir, name)

    def is_settled() -> bool:
        found = [process for process in client.processes(local_dir) if process.name in names]
        for process in found:
            _raise_if_ended(process, first_pids, local_dir)
        return len(found) == len(names) and answer(local_dir, found)

    if not waiting.until(is_settled, timeout_seconds):
        message = f"{' and '.join(names)} did not answer within {timeout_seconds:.0f} seconds."
        raise CliError(with_tail(message, layout.log_file(local_dir, names[0])))


def _raise_if_ended(process: Process, first_pids: dict[str, int], local_dir: Path) -> None:
    """Raise `CliError` when a process has ended instead of starting, even if it runs again by now."""
    was_replaced = process.pid and first_pids.setdefault(process.name, process.pid) != process.pid
    if was_replaced or process.is_failing:
        message = f"{process.name} failed to start. {process.error}".strip()
        raise CliError(with_tail(message, layout.log_file(local_dir, process.name)))


def _all_run(found: Sequence[Process]) -> bool:
    return bool(found) and all(process.is_running for process in found)
