from argparse import Namespace
from typing import Any, NamedTuple

from app.cli import compose, environment, target
from app.cli.environment import Environ
from app.cli.local import client, programs
from app.cli.outcome import Outcome
from app.cli.processes import Process

ALL_UP, SOME_DOWN, NOTHING_RUNS = 0, 1, 3  # as service scripts have it


class Report(NamedTuple):
    """What runs, and where. An address is None when nothing runs there, or when it cannot be reached from here."""

    processes: list[Process]
    api_url: str | None = None
    database_url: str | None = None
    redis_url: str | None = None

    @property
    def code(self) -> int:
        if not any(process.pid or process.is_running for process in self.processes):
            return NOTHING_RUNS
        return ALL_UP if all(process.is_running for process in self.processes) else SOME_DOWN


def run(_: Namespace) -> Outcome:
    report = look(environment.read())
    return Outcome(as_json(report), as_table(report), report.code)


def look(environ: Environ) -> Report:
    services = compose.processes(environ) if target.is_docker(environ) else []
    if services:
        return Report(services, compose.api_url(environ))
    local_dir = environment.local_dir(environ)
    found = client.processes(local_dir)
    if not found:
        return Report([Process(program.name, "stopped") for program in programs.wanted(environment.embedded(environ))])
    urls = environment.urls(environ)
    return Report(found, client.api_url(local_dir), urls["DATABASE_URL"], urls["REDIS_URL"])


def as_json(report: Report) -> dict[str, Any]:
    return {
        "apiUrl": report.api_url,
        "DATABASE_URL": report.database_url,
        "REDIS_URL": report.redis_url,
        "processes": [
            {"name": process.name, "state": process.state, "pid": process.pid} for process in report.processes
        ],
    }


def as_table(report: Report) -> str:
    rows = [("PROCESS", "STATE", "PID", "UP FOR"), *(_row(process) for process in report.processes)]
    lines = ["".join(cell.ljust(12) for cell in row).rstrip() for row in rows]
    if report.code == NOTHING_RUNS:
        return "\n".join([*lines, "", "Nothing is running. Start it with ./manage.sh up"])
    return "\n".join([*lines, "", f"API  {report.api_url}"])


def _row(process: Process) -> tuple[str, str, str, str]:
    up_for = "" if process.uptime_seconds is None else _duration(process.uptime_seconds)
    return process.name, process.state, str(process.pid or ""), up_for


def _duration(seconds: int) -> str:
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86_400
    if days:
        return f"{days} d {hours % 24} h"
    if hours:
        return f"{hours} h {minutes % 60} min"
    return f"{minutes} min" if minutes else f"{seconds} s"
