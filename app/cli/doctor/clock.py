"""The clock of this machine, against those of the servers."""

import time
from collections.abc import Awaitable, Callable
from typing import Final

from sqlalchemy import text

from app.cli.doctor.findings import Finding, Skipped
from app.cli.doctor.patient import Patient

WARN_SECONDS: Final = 1.0
FAIL_SECONDS: Final = 30.0

_NOW = text("select extract(epoch from clock_timestamp())")


async def clock(patient: Patient) -> Finding:
    offsets = {}
    for name, ask in (("Postgres", _ask_postgres), ("Redis", _ask_redis)):
        try:
            offsets[name] = await _offset(patient, ask)
        except Skipped:
            continue
    if not offsets:
        raise Skipped("no server answers, whose clock there is to compare with")
    return judge(offsets)


def judge(offsets: dict[str, float]) -> Finding:
    said = ", ".join(f"that of {name} is {_words(seconds)}" for name, seconds in offsets.items())
    worst = max(abs(seconds) for seconds in offsets.values())
    if worst < WARN_SECONDS:
        return Finding("ok", said)
    todo = "let NTP set the clocks of all machines (timedatectl set-ntp true): deadlines and tokens go by them"
    return Finding("fail" if worst >= FAIL_SECONDS else "warn", said, todo)


def _words(seconds: float) -> str:
    if abs(seconds) < WARN_SECONDS:
        return "the same"
    return f"{abs(seconds):.1f} s {'ahead' if seconds > 0 else 'behind'}"


async def _offset(patient: Patient, ask: Callable[[Patient], Awaitable[float]]) -> float:
    """Return how far a server's clock is ahead: it was read midway, as far as anybody knows."""
    asked = time.time()
    told = await ask(patient)
    return told - (asked + time.time()) / 2


async def _ask_postgres(patient: Patient) -> float:
    return float(await patient.postgres.scalar(_NOW) or 0)


async def _ask_redis(patient: Patient) -> float:
    seconds, microseconds = await patient.redis.time()
    return float(seconds + microseconds / 1e6)
