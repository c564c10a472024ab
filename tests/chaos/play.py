"""Plays one scenario from an empty folder to the verdict."""

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from app.accounts.passwords import hash_password
from tests.chaos import disk, scene
from tests.chaos.catalog import SCENARIOS
from tests.chaos.checker import Verdict
from tests.chaos.scenarios import postgres
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


async def play(name: str, seed: int, scale: int) -> Outcome:
    """Play a scenario; the same seed gives the same schedule.

    Raises:
        NoSmallDisk: the scenario needs one, and this machine has none.
    """
    scenario = SCENARIOS[name]
    with _local_dir(is_small=scenario is postgres.disk_full) as local_dir:
        async with scene.opened(local_dir, password_hash=PASSWORD_HASH) as stage:
            await scenario(stage, Random(f"{seed} {name}"), scale)  # noqa: S311 - to be repeated, not to be secret
            await stage.is_quiet()
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
