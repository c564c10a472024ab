import sys
from argparse import ArgumentParser, Namespace
from contextlib import ExitStack
from typing import Any, NamedTuple

from app.cli import environment, interrupts, target, turns
from app.cli.backups import archive, facts, files, fitness, reading, services, tools, wording
from app.cli.backups.archive import Backup
from app.cli.backups.restoring import Databases
from app.cli.backups.services import Services
from app.cli.backups.tools import Tools
from app.cli.backups.wording import Tell
from app.cli.environment import Environ
from app.cli.errors import CliError


class Restore(NamedTuple):
    """What is restored, and where; `ran` are the names of what is stopped for it."""

    backup: Backup
    tools: Tools
    databases: Databases
    services: Services
    ran: list[str]
    tell: Tell


class Outcome(NamedTuple):
    """What has become of it; `kept_bytes` are those of the database that was there before."""

    started: list[str]
    kept_as: str
    kept_bytes: int


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="what backup has written")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--local", action="store_true", help="without Docker, even where a Docker engine answers")
    parser.add_argument("--json", action="store_true", help="for programs: with all counts and checksums")


def run(options: Namespace) -> int:
    environ, tell = environment.read(), wording.teller(as_json=options.json)
    in_docker = target.is_docker(environ, local=options.local)
    backup = archive.read(files.given(options.file))
    with turns.restoring(environ), ExitStack() as until_the_end:
        check(environ, backup, tell, in_docker=in_docker)
        restore = begin(environ, backup, tell, until_the_end, in_docker=in_docker)
        tell(announcement(restore))
        if not options.yes:
            ask(tell)
        outcome = carry_out(restore)
    wording.show(as_json(backup, outcome), as_text(backup, outcome), as_json=options.json)
    return 0


def check(environ: Environ, backup: Backup, tell: Tell, *, in_docker: bool) -> None:
    """Refuse what cannot be restored before anything is touched."""
    fitness.require_known_schema(backup)
    tell("Reading the backup ...")
    if in_docker:
        archive.check_dump(backup)  # its server may not run yet
    else:
        reading.verify(tools.offline(environ, backup.manifest.postgres_major, in_docker=False), backup)


def begin(environ: Environ, backup: Backup, tell: Tell, until_the_end: ExitStack, *, in_docker: bool) -> Restore:
    """Find the server, or start it as long as it is needed."""
    served = services.of(environ, in_docker=in_docker)
    ran = served.wanted()
    served.lend_server(until_the_end)
    found = tools.find(environ, in_docker=in_docker)
    fitness.require_server_as_new(backup, found)
    return Restore(backup, found, Databases(found), served, ran, tell)


def carry_out(restore: Restore) -> Outcome:
    """Put the backup in the place of what is there; `CliError` when it fails, and then all is as it was."""
    try:
        with interrupts.undone() as undo:
            return _replace(restore, undo)
    except CliError as error:
        raise CliError(f"{error}\nThe restore failed: the database is as it was, and what ran runs again.") from error


def _replace(restore: Restore, undo: ExitStack) -> Outcome:
    databases, served, ran = restore.databases, restore.services, restore.ran
    restore.tell("Stopping the API and the workers ...")
    undo.callback(served.start, ran)
    served.stop(ran)
    databases.require_no_user()
    restore.tell("Restoring beside the database that is there ...")
    undo.callback(databases.drop_coming)
    databases.fill(restore.backup)
    restore.tell("Migrating what was restored ...")
    served.migrate(databases.coming)
    databases.settle()
    restore.tell("Swapping the two ...")
    undo.callback(databases.swap_back)
    databases.swap()
    undo.callback(served.stop, ran)
    if ran:
        restore.tell(f"Starting again what ran: {', '.join(ran)} ...")
    served.start(ran)
    return Outcome(ran, databases.before, databases.size(databases.before))


def announcement(restore: Restore) -> str:
    """Say what will go, and how much of it."""
    databases, taken_at = restore.databases, restore.backup.manifest.taken_at
    there_is = f"{databases.current} ({wording.size(databases.size(databases.current))})"
    lines = [
        f"This puts the backup of {wording.moment(taken_at)} in the place of the database {there_is}.",
        f"  Goes   {wording.contents(facts.counts(restore.tools))}",
        f"  Comes  {wording.contents_of(restore.backup)}",
        "The API and the workers stop meanwhile, and everybody has to log in again.",
        f"The database that is there is kept as {databases.before}, until the next restore.",
    ]
    if databases.has_before():
        lines.append(f"The {databases.before} of the restore before this one is dropped.")
    return "\n".join(lines)


def ask(tell: Tell) -> None:
    """Raise `CliError` unless somebody types yes."""
    if not sys.stdin.isatty():
        raise CliError("restore replaces all data, and nobody is here to be asked: add --yes if that is what you want")
    tell("Type yes to go on:")
    if sys.stdin.readline().strip().lower() != "yes":
        raise CliError("nothing was changed")


def as_json(backup: Backup, outcome: Outcome) -> dict[str, Any]:
    added = {"schemaNow": fitness.head(), "started": outcome.started, "keptAs": outcome.kept_as}
    return wording.as_json(backup) | added | {"keptBytes": outcome.kept_bytes}


def as_text(backup: Backup, outcome: Outcome) -> str:
    kept = f"{outcome.kept_as} ({wording.size(outcome.kept_bytes)}), the database as it was: the next restore drops it"
    started = ", ".join(outcome.started) or "nothing, as nothing ran before: ./manage.sh up starts all"
    return f"""
  Restored  {wording.contents_of(backup)}
            each row as it was at {wording.moment(backup.manifest.taken_at)}; then migrated to schema {fitness.head()}
  Kept      {kept}
  Started   {started}
"""
