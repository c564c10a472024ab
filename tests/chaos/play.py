"""Plays one scenario from an empty folder to the verdict."""

import contextlib
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from app.accounts.passwords import hash_password
from tests.chaos import disk, scene
from tests.chaos.catalog import SCENARIOS
from tests.chaos.checker import Verdict
from tests.chaos.scenarios import postgres
from tests.support.people import PASSWORD

PASSWORD_HASH = hash_password(PASSWORD)


class Outcome(NamedTuple):
    """A row of the table; recoveries are in seconds."""

    scenario: str
    faults: int
    jobs: int
    items: int
    verdict: Verdict
    recoveries: list[float]


async def play(name: str, seed: int, scale: float, variants: Sequence[str] = ()) -> Outcome:
    """Play a scenario, by processes done wrong if there are variants; the same seed gives the same schedule.

    Raises:
        NoSmallDisk: the scenario needs one, and this machine has none.
    """
    scenario = SCENARIOS[name]
    dice = Random(f"{seed} {name}")
    with _local_dir(is_small=scenario is postgres.disk_full) as local_dir:
        async with scene.opened(local_dir, PASSWORD_HASH, variants) as stage:
            try:
                await scenario(stage, dice, scale)
                await stage.is_quiet()
            except TimeoutError as error:
                stage.broken.append(f"did not go on: {_line_of(error)}")
            verdict = await stage.judged()
            return Outcome(name, stage.faults, len(stage.targets), stage.items, verdict, stage.recoveries)


@contextlib.contextmanager
def _local_dir(*, is_small: bool) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="bulkhead-chaos-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the servers' own user must get in
        local_dir = folder / "local"
        local_dir.mkdir()
        with disk.small(local_dir) if is_small else contextlib.nullcontext():
            yield local_dir


def _line_of(error: TimeoutError) -> str:
    """Return the line of the scenario that waited in vain."""
    frames = traceback.extract_tb(error.__traceback__)
    return next(frame.line or "" for frame in frames if "scenarios" in frame.filename or "is_quiet" in frame.name)
