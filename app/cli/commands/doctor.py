import difflib
import json
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Mapping
from typing import Any, Final

from app.cli import environment
from app.cli.doctor.examination import CHECKS, examine
from app.cli.doctor.findings import Finding, Status, together

WELL: Final = 0  # 2 is for bad usage
FAILS: Final = 1
WARNS: Final = 3
CODES: Final[dict[Status, int]] = {"ok": WELL, "skip": WELL, "warn": WARNS, "fail": FAILS}
COLORS: Final[dict[Status, str]] = {"ok": "32", "skip": "2", "warn": "33", "fail": "31"}


def add_arguments(parser: ArgumentParser) -> None:
    parser.description = (
        "Look at everything, and say what is wrong and what to do about it. "
        "Exits 0 when all is well, 1 when something fails, 3 when there are warnings alone."
    )
    parser.add_argument(
        "checks", nargs="*", type=_known, metavar="CHECK", help=f"make these alone: {', '.join(CHECKS)}"
    )
    parser.add_argument("--json", action="store_true", help="for programs")


def run(options: Namespace) -> int:
    found = examine(environment.read(), options.checks)
    worst = together(list(found.values())).status
    if options.json:
        print(json.dumps(as_json(found, worst), indent=2))
    else:
        print(as_text(found, in_color=sys.stdout.isatty()))
    return CODES[worst]


def as_json(found: Mapping[str, Finding], worst: Status) -> dict[str, Any]:
    checks = [{"check": name, **finding._asdict()} for name, finding in found.items()]
    return {"status": "ok" if worst == "skip" else worst, "checks": checks}


def as_text(found: Mapping[str, Finding], *, in_color: bool) -> str:
    """Write a line a check, below it what to do, and at the end how many are not well."""
    width = max(map(len, found))
    lines = []
    for name, finding in found.items():
        mark = f"\x1b[{COLORS[finding.status]}m{finding.status:4}\x1b[0m" if in_color else f"{finding.status:4}"
        lines.append(f"{mark}  {name:{width}}  {finding.said}")
        if finding.todo:
            lines.append(f"{'':4}  {'':{width}}  -> {finding.todo}")
    return "\n".join([*lines, "", summary([finding.status for finding in found.values()])])


def summary(statuses: list[Status]) -> str:
    fails, warns = statuses.count("fail"), statuses.count("warn")
    if not fails and not warns:
        return "All is well."
    return f"{len(statuses)} checks: {fails} failed, {warns} warned."


def _known(name: str) -> str:
    if name not in CHECKS:
        close = difflib.get_close_matches(name, CHECKS, n=1)
        raise ArgumentTypeError(f"there is no check {name!r}" + (f"; did you mean {close[0]!r}?" if close else ""))
    return name
