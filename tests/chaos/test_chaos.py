"""Every scenario in its short form; `./manage.sh chaos` plays the long one."""

import random

import pytest

from tests.chaos.catalog import SCENARIOS, SOAK
from tests.chaos.play import play
from tests.chaos.unplayable import Unplayable

SOAK_MINUTES = 0.1


@pytest.mark.parametrize("name", SCENARIOS)
async def test_nothing_is_lost(name: str) -> None:
    seed = random.randrange(1_000_000)
    try:
        outcome = await play(name, seed, SOAK_MINUTES if name == SOAK else 1)
    except Unplayable as reason:
        pytest.skip(str(reason))
    assert outcome.verdict.is_clean, f"seed {seed}: {outcome.verdict}"
