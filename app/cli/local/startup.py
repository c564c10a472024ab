from collections.abc import Callable, Iterator
from contextlib import ExitStack

from app.cli import interrupts, migrations
from app.cli.environment import Local
from app.cli.local import daemon, stack

Step = tuple[str, Callable[[], None]]


def bring_up(local: Local, tell: Callable[[str], None], *, ends_with_caller: bool = False) -> None:
    """Start everything in order; what fails, or is interrupted, leaves nothing running that did not run before."""
    with interrupts.remembered() as raise_if_interrupted, ExitStack() as undo:
        if not daemon.is_running(local.local_dir):
            undo.callback(daemon.stop, local.local_dir)
        stack.start_supervisor(local, ends_with_caller=ends_with_caller)
        for text, step in _steps(local):
            raise_if_interrupted()
            tell(text)
            step()
        raise_if_interrupted()
        undo.pop_all()


def _steps(local: Local) -> Iterator[Step]:
    if local.servers:
        yield "Starting PostgreSQL and Redis", lambda: stack.start_servers(local.local_dir)
    yield "Migrating the database", lambda: migrations.upgrade(local.settings.database_url)
    yield "Starting the API and the worker", lambda: stack.start_ours(local.local_dir)
