from collections.abc import Callable
from contextlib import ExitStack

from app.cli import migrations
from app.cli.environment import Local
from app.cli.local import daemon, stack


def bring_up(local: Local, tell: Callable[[str], None], *, ends_with_caller: bool = False) -> None:
    """Start everything in order; what fails, or is interrupted, leaves nothing running that did not run before."""
    with ExitStack() as undo:
        if not daemon.is_running(local.local_dir):
            undo.callback(daemon.stop, local.local_dir)
        stack.start_supervisor(local, ends_with_caller=ends_with_caller)
        if local.servers:
            tell("Starting PostgreSQL and Redis")
            stack.start_servers(local.local_dir)
        tell("Migrating the database")
        migrations.upgrade(local.settings.database_url)
        tell("Starting the API and the worker")
        stack.start_ours(local.local_dir)
        undo.pop_all()
