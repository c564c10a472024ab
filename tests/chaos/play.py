"""Plays one scenario from an empty folder to the verdict."""

import tempfile
from pathlib import Path
from random import Random
from typing import NamedTuple

from app.accounts.passwords import hash_password
from tests.chaos import scene
from tests.chaos.catalog import SCENARIOS
from tests.chaos.checker import Verdict
from tests.people import PASSWORD

PASSWORD_HASH = hash_password(PASSWORD)


class Outcome(NamedTuple):
    """A row of the table; recoveries are in seconds."""

    scenario: str
    faults: int
    jobs: int
    items: int
    verdict: Verdict
    recoveries: list[float]
    skipped: list[str]


async def play(name: str, seed: int, scale: int) -> Outcome:
    """Play a scenario; the same seed gives the same schedule."""
    with tempfile.TemporaryDirectory(prefix="bulkhead-chaos-") as folder:
        async with scene.opened(Path(folder), password_hash=PASSWORD_HASH) as stage:
            await SCENARIOS[name](stage, Random(f"{seed} {name}"), scale)
            await stage.is_quiet()
            verdict = await stage.judged()
            return Outcome(
                name, stage.faults, len(stage.targets), stage.items, verdict, stage.recoveries, stage.skipped
            )
