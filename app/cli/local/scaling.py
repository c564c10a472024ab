"""More and fewer processes of a local stack that runs."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from app.cli.errors import CliError
from app.cli.local import client, programs, stack, supervisor
from app.embedded import waiting

STOP_SECONDS: Final = 20.0  # what a program gets before it is killed, and a little
STOPPED: Final = {"stopped", "exited", "fatal"}


def apply(local_dir: Path, tell: Callable[[str], None]) -> None:
    """Have as many processes run as were asked for.

    A worker that is to go ends its chunk, or is killed in it, and then Postgres takes the chunk back for another one.
    The API starts anew when its number changes.
    """
    servers = [process.name for process in client.processes(local_dir) if programs.find(process.name).is_server]
    supervisor.write_config(local_dir, servers, client.api_url(local_dir))
    added, changed, removed = client.read_again(local_dir)
    if changed or removed:
        tell(f"Stopping {' and '.join([*changed, *removed])} ...")
        _stop(local_dir, [*changed, *removed])
    for name in [*changed, *removed]:
        client.remove(local_dir, name)
    for name in [*changed, *added]:
        client.add(local_dir, name)
    if changed or added:
        tell(f"Starting {' and '.join([*changed, *added])} ...")
    stack.bring_up_ours(local_dir)


def _stop(local_dir: Path, names: Sequence[str]) -> None:
    for name in names:
        client.stop(local_dir, name)
    if not waiting.until(lambda: _have_stopped(local_dir, names), STOP_SECONDS):
        raise CliError(f"{' and '.join(names)} did not stop within {STOP_SECONDS:.0f} seconds: try again")


def _have_stopped(local_dir: Path, names: Sequence[str]) -> bool:
    return all(process.state in STOPPED for process in client.processes(local_dir) if process.name in names)
