"""The commands there are, in the order of the help; `user create` is the module app/cli/commands/user_create.py.

Nothing here needs more than the standard library: a command's module is imported when its name is known.
"""

import difflib
import importlib
from argparse import ArgumentParser
from collections.abc import Sequence
from types import ModuleType
from typing import NamedTuple

from app.cli import outcome

PROGRAM = "./manage.sh"
HELP = ("help", "-h", "--help")

JOB = "01a1fb9f-7c1e-7d2a-9b4f-2f6f0a5c8e11"  # the id of one, as it may be


class Entry(NamedTuple):
    """One command; the one without a name is what happens when none is given."""

    name: str
    summary: str
    example: str = ""  # arguments
    aliases: tuple[str, ...] = ()
    program: str = ""  # the module that takes the arguments, where a command is a program of its own
    has_json: bool = True  # not where another program writes, or where it is a script that is written


ENTRIES = (
    Entry("", "Set up, start, migrate, seed, and say where things are"),
    Entry("up", "Start everything: in Docker where that runs, else right here", "--local", aliases=("start",)),
    Entry("down", "Stop everything; the data stays", aliases=("stop",)),
    Entry("restart", "Stop and start, with new code and settings", "--local"),
    Entry("open", "Open the console in the browser, or say where it is"),
    Entry("status", "Show each process, and where the API is", "--json", aliases=("ps",)),
    Entry("doctor", "Look at everything, and say what is wrong and what to do", "--json"),
    Entry("scale", "Run more or fewer workers and API processes, from now on", "worker=4 api=2"),
    Entry("logs", "Show what the processes wrote", "-f worker", has_json=False),
    Entry("config", "Show each setting, its value and where that comes from"),
    Entry("shell", "Open psql on the database", '-c "select count(*) from tickets"', has_json=False),
    Entry("build", "Build the console, which the start does too when it is missing or out of date"),
    Entry("migrate", "Bring the database to the newest schema"),
    Entry("seed", "Add the sample users and tickets that are missing", "--tickets 100000"),
    Entry("user create", "Add a user, such as the first admin", "ada --email ada@example.com --role admin"),
    Entry("user list", "Show all users", "--role admin"),
    Entry("user disable", "Shut a user out, at once", "ada"),
    Entry("user enable", "Let a user in again", "ada"),
    Entry("user role", "Give a user another role, which ends their sessions", "ada agent"),
    Entry("user password", "Give a user another password, which ends their sessions", "ada --random"),
    Entry("backup", "Write all data into one file, while everything runs", "/mnt/backups"),
    Entry("backup verify", "Check that a backup is whole, and can be read", "monday.tar --deep"),
    Entry("restore", "Put a backup in the place of the data; asks first", "monday.tar --yes"),
    Entry("jobs list", "List jobs, newest first", "--status running,paused --limit 50"),
    Entry("jobs show", "Show a job, and what became of its tickets", JOB),
    Entry("jobs watch", "Watch jobs to their ends, and exit as they do", JOB),
    Entry(
        "jobs submit", "Post a job, or several for more tickets than one may have", "bulk-delete --ids-file spam.csv"
    ),
    Entry("jobs pause", "Pause a running job", JOB),
    Entry("jobs resume", "Let a paused job go on", JOB),
    Entry("jobs cancel", "Stop a job for good", JOB),
    Entry("jobs retry", "Try again what failed, or was left, in a new job", JOB),
    Entry("jobs undo", "Restore what a job changed, in a new job", JOB),
    Entry("reset", "Stop, and delete all local data; asks first", "--yes"),
    Entry("clean", "Stop, and delete all that was made: data, containers, images, caches; asks first", "--yes"),
    Entry("completion", "Print a script that lets a shell complete these commands", "bash", has_json=False),
    Entry("demo", "Watch one bulk delete from end to end, in a place of its own", program="tests.demo"),
    Entry("test", "Run the tests", "tests/unit -k settings", program="pytest"),
    Entry(
        "chaos", "Kill, freeze and cut off everything, and count what is lost", "redis --seed 7", program="tests.chaos"
    ),
    Entry("bench", "Measure speed and memory beside their floors", "delete submit --quick", program="tests.bench"),
)
BY_NAME = {name: entry for entry in ENTRIES for name in (entry.name, *entry.aliases)}


def find(words: Sequence[str]) -> tuple[Entry | None, Sequence[str]]:
    """Return the command that the first words name, and the words that are its arguments."""
    if not words:
        return BY_NAME[""], []
    for count in (2, 1):
        name = " ".join(words[:count])
        if name and name in BY_NAME:
            return BY_NAME[name], words[count:]
    return None, words


def parser(entry: Entry) -> ArgumentParser:
    made = ArgumentParser(
        prog=f"{PROGRAM} {entry.name}".strip(), description=f"{entry.summary}.", conflict_handler="resolve"
    )
    if entry.has_json and not entry.program:
        outcome.add_argument(made)
    if entry.example:
        made.epilog = f"Example: {made.prog} {entry.example}"
    if entry.program:
        made.add_argument("arguments", nargs="*", help=f"those of {entry.program}: {made.prog} --help lists them")
    elif hasattr(module := load(entry), "add_arguments"):
        module.add_arguments(made)
    return made


def load(entry: Entry) -> ModuleType:
    """Import a command's module: it has `run(options)`, and `add_arguments(parser)` if it takes any."""
    name = entry.name.replace(" ", "_") or "default"
    return importlib.import_module(f"app.cli.commands.{name}")


def overview(group: str = "") -> str:
    """List all commands, or those whose first word is `group`."""
    listed = group_of(group) if group else ENTRIES
    width = max(len(entry.name) for entry in listed)
    return "\n".join(
        [
            "Bulkhead: bulk work on support tickets, done in the background and watched live.",
            "",
            f"usage: {PROGRAM} {group or '[COMMAND]'} ...",
            "",
            *(line for entry in listed for line in _lines(entry, width)),
            "",
            f"{PROGRAM} help COMMAND says what a command takes; with --json most answer programs with one JSON object.",
            "Settings come from the environment and from .env; .env.example explains each.",
        ]
    )


def group_of(word: str) -> list[Entry]:
    """Return the commands of two words whose first this is."""
    return [entry for entry in ENTRIES if entry.name.startswith(f"{word} ")]


def refusal(words: Sequence[str]) -> str:
    """Say which word is wrong, which was probably meant, and how to get help."""
    group = words[0] if group_of(words[0]) else ""
    typed = [" ".join(words[:2]), words[0]]
    wrong = typed[0] if group else typed[1]
    close = [
        name
        for word in typed
        if word != group
        for name in difflib.get_close_matches(word, [*BY_NAME, *HELP], n=1)
        if name
    ]
    meant = f"; did you mean {close[0]!r}?" if close else ""
    return f"{PROGRAM}: there is no command {wrong!r}{meant}\n" + f"Try {PROGRAM} help {group}".rstrip() + "\n"


def _lines(entry: Entry, width: int) -> list[str]:
    also = f" (also: {', '.join(entry.aliases)})" if entry.aliases else ""
    example = [f"  {'':{width}}    {PROGRAM} {entry.name} {entry.example}"] if entry.example else []
    return [f"  {entry.name or '(none)':{width}}  {entry.summary}{also}", *example]
