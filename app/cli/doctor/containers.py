"""Checks that are made in a container, since the servers' ports are not published: by this very command."""

import json
from collections.abc import Sequence

from app.cli import compose
from app.cli.doctor.findings import Finding
from app.cli.environment import Environ
from app.cli.errors import CliError

UP = "./manage.sh up builds and starts all"


def examine(environ: Environ, names: Sequence[str]) -> dict[str, Finding]:
    """Make checks in the API's container, or, while that does not run, in another one of its image."""
    if not names:
        return {}
    try:
        states = {process.name: process.state for process in compose.processes(environ)}
    except CliError as error:
        return _untold(names, Finding("fail", str(error), UP))
    if not states:
        return _untold(names, Finding("fail", "nothing of ours is there in Docker", UP))
    how = ("exec", "-T", "api") if states.get("api") == "running" else ("run", "--rm", "--no-deps", "-T", "api")
    done = compose.ask(environ, *how, "python", "-m", "app.cli", "doctor", "--json", *names)
    try:
        return told(done.stdout)
    except (ValueError, KeyError, TypeError):
        said = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        return _untold(names, Finding("fail", f"the API's container cannot be asked: {said}", UP))


def told(output: str) -> dict[str, Finding]:
    """Read what the command prints with --json."""
    return {one["check"]: Finding(one["status"], one["said"], one["todo"]) for one in json.loads(output)["checks"]}


def _untold(names: Sequence[str], why: Finding) -> dict[str, Finding]:
    """Tell the reason once, and of the other checks that they were not made."""
    first, *others = names
    return {first: why} | dict.fromkeys(others, Finding("skip", f"not looked at: {why.said}"))
