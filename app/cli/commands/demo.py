import time
from argparse import ArgumentParser, Namespace
from contextlib import ExitStack

from rich.console import Console

from app.cli import environment, interrupts, seeding
from app.cli.demo import script, site, targets
from app.cli.demo.checks import Check
from app.cli.demo.screen import Screen
from app.cli.environment import Local
from app.cli.local import daemon, startup


def add_arguments(_: ArgumentParser) -> None:
    """It takes none."""


def run(_: Namespace) -> int:
    began = time.perf_counter()
    screen = Screen(Console())
    screen.title()
    environ = environment.read()
    with site.emptied(environ) as folder:
        local = site.local(environ, folder)
        checks = play(local, screen)
    screen.verdict(checks, time.perf_counter() - began)
    if all(check.holds for check in checks):
        return 0
    print(f"What the processes wrote is in {folder / 'logs'}")
    return 1


def play(local: Local, screen: Screen) -> list[Check]:
    """Play the demo with servers of its own, which do not outlive it."""
    with ExitStack() as undo:
        undo.callback(daemon.stop, local.local_dir)
        start(local, screen)
        seed(local, screen)
        checks = interrupts.run(script.play(local.settings, local.api_url, screen))
        screen.checks(checks)
    return checks


def start(local: Local, screen: Screen) -> None:
    began = time.perf_counter()
    with screen.waiting("Getting ready ...") as tell:
        startup.bring_up(local, tell, ends_with_caller=True)
    took = time.perf_counter() - began
    screen.line("Servers", f"PostgreSQL, Redis, the API and a worker, started in {took:.1f} s")


def seed(local: Local, screen: Screen) -> None:
    began = time.perf_counter()
    added = seeding.seed(local.environ, targets.TICKETS)
    took = time.perf_counter() - began
    screen.line("Data", f"{added.tickets:,} tickets and {len(added.users)} users, made in {took:.1f} s")
