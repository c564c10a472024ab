from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

Status = Literal["ok", "skip", "warn", "fail"]

WORSE: Final[tuple[Status, ...]] = ("ok", "skip", "warn", "fail")


class Finding(NamedTuple):
    """What a check found, in one line; `todo` says what to do about it."""

    status: Status
    said: str
    todo: str = ""


class Skipped(Exception):
    """A check cannot be made, for the reason in the message."""


def together(findings: Sequence[Finding]) -> Finding:
    """Make one of several: as bad as the worst, with what to do about that."""
    worst = max(findings, key=lambda finding: WORSE.index(finding.status))
    return worst._replace(said="; ".join(finding.said for finding in findings))
