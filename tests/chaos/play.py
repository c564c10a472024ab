"""Plays one scenario from an empty folder to the verdict."""

import contextlib
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.chaos import disk, scene
from tests.chaos.catalog import SCENARIOS
from tests.chaos.checker import Verdict
from tests.chaos.scenarios import postgres
from tests.chaos.scene import PATIENCE_SECONDS
from tests.support.people import PASSWORD, QUICK_HASHER

MOST_PLAYS = 3
PASSWORD_HASH = QUICK_HASHER.hash(PASSWORD)


class Outcome(NamedTuple):
    """A row of the table."""

    scenario: str
    hits: int
    jobs: int
    items: int
    verdict: Verdict
    recoveries_seconds: list[float]


async def play(
    name: str, seed: int, scale: float, variants: Sequence[str] = (), patience_seconds: float = PATIENCE_SECONDS
) -> Outcome:
    """Play a scenario, by processes done wrong if there are variants; the same seed gives the same schedule.

    If all its faults came too late and nothing is wrong, it has shown nothing, and is played again with other dice.

    Raises:
        Unplayable: this machine lacks what the scenario needs.
    """
    for number in range(MOST_PLAYS):
        outcome = await _play_once(name, Random(f"{seed} {name} {number}"), scale, variants, patience_seconds)
        if outcome.hits or not outcome.verdict.is_clean:
            return outcome
    outcome.verdict.broken.append(f"no fault met a job at work, in {MOST_PLAYS} plays")
    return outcome


async def _play_once(
    name: str, dice: Random, scale: float, variants: Sequence[str], patience_seconds: float
) -> Outcome:
    scenario = SCENARIOS[name]
    with a_local_dir(is_small=scenario is postgres.disk_full) as local_dir:
        async with scene.opened(local_dir, PASSWORD_HASH, variants, patience_seconds) as stage:
            record = stage.record
            try:
                await scenario(stage, dice, scale)
                await stage.is_quiet()
            except TimeoutError as error:
                record.broken.append(f"did not go on: {_line_of(error)}")
            verdict, items = await stage.judged(), await stage.jobs.items_of()
            return Outcome(name, record.hits, len(record.jobs), items, verdict, record.recoveries_seconds)


@contextlib.contextmanager
def a_local_dir(*, is_small: bool = False) -> Iterator[Path]:
    """Make a folder that the servers' own user can enter, for as long as the context lasts."""
    with tempfile.TemporaryDirectory(prefix="bulkhead-chaos-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        local_dir = folder / "local"
        local_dir.mkdir()
        with disk.small(local_dir) if is_small else contextlib.nullcontext():
            yield local_dir


def _line_of(error: TimeoutError) -> str:
    """Return the line of the scenario that waited in vain."""
    frames = traceback.extract_tb(error.__traceback__)
    return next(frame.line or "" for frame in frames if "scenarios" in frame.filename or "is_quiet" in frame.name)
