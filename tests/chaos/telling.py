"""Judges what a client was told."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from app.jobs.status import TERMINAL
from tests.chaos.viewer import Line


def faults(rows: Iterable[Any], log: list[Line]) -> list[str]:
    """Return which promises are broken by what one client was told of these jobs."""
    of_jobs = defaultdict[UUID, list[Line]](list)
    for line in log:
        of_jobs[UUID(line.payload["jobId"])].append(line)
    was_there_all_along = bool(log) and log[-1].connection == 1
    return [fault for row in rows for fault in _faults_of(row, of_jobs[row.id], was_there_all_along)]


def _faults_of(row: Any, lines: list[Line], was_there_all_along: bool) -> list[str]:
    payloads = [line.payload for line in lines]
    events = [line for line in lines if line.is_event]
    ends = Counter(line.connection for line in events if line.payload["status"] in TERMINAL)
    processed = [payload["processed"] for payload in payloads]
    steps = itertools.pairwise(events)
    faults = {
        "went backwards": processed != sorted(processed),
        "did not add up": not all(map(_adds_up, payloads)),
        "came twice, or in the wrong order": any(
            one.connection == other.connection and other.payload["seq"] <= one.payload["seq"] for one, other in steps
        ),
        "told of more than one end": len({payload["status"] for payload in payloads} & TERMINAL) > 1,
        "told its end twice": any(count > 1 for count in ends.values()),
        "told no end to one that was there all along": was_there_all_along and not ends,
        "never told its end": not payloads or payloads[-1]["status"] != row.status,
        "told other counts at its end": bool(payloads)
        and (payloads[-1]["succeeded"], payloads[-1]["failed"]) != (row.succeeded, row.failed),
    }
    return [f"events of job {row.id} {fault}" for fault, is_so in faults.items() if is_so]


def _adds_up(payload: dict[str, Any]) -> bool:
    done: int = payload["succeeded"] + payload["failed"]
    total = payload["total"]
    return done == payload["processed"] and (total is None or done + payload["unprocessed"] == total)
