"""The commands there are, and the help made of them; each is a module of app/cli/commands."""

import importlib
from argparse import ArgumentParser, Namespace
from typing import NamedTuple, Protocol, cast

PROGRAM = "./manage.sh"


class Entry(NamedTuple):
    """One command; the one without a name is what happens when none is given."""

    name: str
    usage: str
    summary: str
    example: str
    passes_on: bool = False

    @property
    def module(self) -> str:
        return f"app.cli.commands.{self.name or 'start'}"

    @property
    def call(self) -> str:
        return " ".join(part for part in (PROGRAM, self.name, self.usage) if part)


class Command(Protocol):
    def add_arguments(self, parser: ArgumentParser) -> None: ...

    def run(self, options: Namespace) -> int: ...


ENTRIES = (
    Entry("", "", "Set up, start, migrate, seed, and say where things are", ""),
    Entry("up", "[--local]", "Start everything: in Docker where that runs, else right here", "up --local"),
    Entry("down", "", "Stop everything; the data stays", "down"),
    Entry("restart", "[--local]", "Stop and start, with new code and settings", "restart"),
    Entry("status", "[--json]", "Show each process, and where the API is", "status --json"),
    Entry("logs", "[-f] [-n LINES] [SERVICE]", "Show what the processes wrote", "logs -f worker"),
    Entry("migrate", "", "Bring the database to the newest schema", "migrate"),
    Entry("seed", "[--tickets N]", "Add the sample users and tickets that are missing", "seed --tickets 100000"),
    Entry("reset", "[--yes]", "Stop, and delete all local data; asks first", "reset --yes"),
    Entry("demo", "", "Watch one bulk delete from end to end, in a place of its own", "demo"),
    Entry("test", "[PYTEST ARGUMENTS]", "Run the tests", "test tests/unit -k settings", passes_on=True),
    Entry(
        "chaos",
        "[SCENARIO] [--minutes N] [--seed S]",
        "Kill, freeze and cut off everything, and count what is lost",
        "chaos redis --seed 7",
        passes_on=True,
    ),
    Entry(
        "bench",
        "[NAME ...] [--quick] [--json FILE]",
        "Measure speed and memory, beside what the database alone takes",
        "bench delete submit --quick",
        passes_on=True,
    ),
    Entry("help", "[COMMAND]", "Show this, or what one command takes", "help seed"),
)


def find(name: str) -> Entry | None:
    return next((entry for entry in ENTRIES if entry.name == name), None)


def load(entry: Entry) -> Command:
    return cast(Command, importlib.import_module(entry.module))


def overview() -> str:
    width = max(len(entry.call) for entry in ENTRIES)
    return "\n".join(
        [
            "Bulkhead: bulk work on support tickets, done in the background and watched live.",
            "",
            *(line for entry in ENTRIES for line in _lines(entry, width)),
            "",
            "Settings come from the environment and from .env; .env.example explains each.",
        ]
    )


def refusal(name: str) -> str:
    return f"{overview()}\n\n{PROGRAM}: there is no command {name!r}\n"


def parser(entry: Entry) -> ArgumentParser:
    made = ArgumentParser(
        prog=f"{PROGRAM} {entry.name}".strip(),
        description=f"{entry.summary}.",
        epilog=f"Example: {PROGRAM} {entry.example}" if entry.example else None,
    )
    load(entry).add_arguments(made)
    return made


def _lines(entry: Entry, width: int) -> list[str]:
    line = f"  {entry.call:{width}}  {entry.summary}"
    return [line, f"  {'':{width}}  e.g. {PROGRAM} {entry.example}"] if entry.usage else [line]
