"""`./manage.sh demo`: one bulk delete from end to end, with servers of its own, and every number checked."""

import argparse
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from rich.console import Console

from app.cli import __main__ as cli
from app.cli import console, databases, environment, ports, samples
from app.cli.commands import reset
from app.cli.environment import Environ, Local
from app.cli.errors import CliError
from app.cli.local import places, stack, supervisor
from app.embedded import locks
from app.settings import Settings
from tests.demo import interrupts, script, targets
from tests.demo.checks import Check
from tests.demo.screen import Screen

HOST = "127.0.0.1"


def main() -> int:
    _parser().parse_args()
    began = time.perf_counter()
    screen = Screen(Console())
    screen.title()
    environ = environment.read()
    with emptied(environ) as folder:
        checks = play(own(environ, folder), screen)
    screen.verdict(checks, time.perf_counter() - began)
    if all(check.holds for check in checks):
        return 0
    print(f"What the processes wrote is in {folder / 'logs'}")
    return 1


def _parser() -> argparse.ArgumentParser:
    """Take no arguments, and refuse what looks as if there were some."""
    return argparse.ArgumentParser(prog="./manage.sh demo", description=__doc__)


@contextmanager
def emptied(environ: Environ) -> Iterator[Path]:
    """Give the demo's folder, without what the last one left; `CliError` while another demo runs there."""
    outer = environment.local_dir(environ)
    outer.mkdir(parents=True, exist_ok=True)
    folder = outer / reset.DEMO
    with locks.exclusive(outer / "demo.lock") as lock:
        if lock is None:
            raise CliError(f"another demo runs in {folder} at this moment")
        if places.has_stack(folder):
            reset.remove(folder)
        yield folder


def own(environ: Environ, folder: Path) -> Local:
    """Return a stack with a folder, a port and settings of its own, whatever the environment and `.env` say."""
    unset = [name.upper() for name in Settings.__struct_fields__]
    unset += [name for names in environment.NAMED_BY.values() for name in names]
    chosen = {
        "HOST": HOST,
        "PORT": str(ports.any_free(HOST)),
        "LOCAL_DIR": str(folder),
        "CHUNK_SIZE": str(targets.CHUNK_SIZE),
        "SEED_PASSWORD": secrets.token_urlsafe(),
    }
    return environment.for_local(environ | dict.fromkeys(unset, "") | chosen)


def play(local: Local, screen: Screen) -> list[Check]:
    """Play the demo with servers of its own, which do not outlive it."""
    with ExitStack() as undo:
        undo.callback(supervisor.stop, local.local_dir)
        start(local, screen)
        seed(local, screen)
        if console.is_built():
            screen.console(local.api_url, local.settings.seed_password or "")
        checks = interrupts.run(script.play(local, screen))
        screen.checks(checks)
    return checks


def start(local: Local, screen: Screen) -> None:
    began = time.perf_counter()
    with screen.waiting("Getting ready ...") as tell:
        stack.start(local, tell, ends_with_caller=True)
    took = time.perf_counter() - began
    screen.line("Servers", f"PostgreSQL, Redis, the API and a worker, started in {took:.1f} s")


def seed(local: Local, screen: Screen) -> None:
    began = time.perf_counter()
    password = local.settings.seed_password
    added = databases.run(local.environ, partial(samples.add, tickets=targets.TICKETS, password=password))
    took = time.perf_counter() - began
    screen.line("Data", f"{added.tickets:,} tickets and {len(added.users)} users, made in {took:.1f} s")


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal that knows no tick still works
    sys.exit(cli.complaining(main))
