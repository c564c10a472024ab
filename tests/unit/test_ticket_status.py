import itertools
import json
from pathlib import Path
from typing import get_args

import pytest

from app.tickets.status import ARROWS, STATUSES, Status, targets

CONSOLE = Path(__file__).parents[2] / "app/web/src/features/tickets/arrows.json"
LEGAL: dict[Status, set[Status]] = {
    "open": {"in_progress", "pending", "resolved", "closed"},
    "in_progress": {"open", "pending", "resolved", "closed"},
    "pending": {"open", "in_progress", "resolved", "closed"},
    "resolved": {"open", "in_progress", "closed"},
    "closed": {"open"},
}


@pytest.mark.parametrize(("source", "target"), list(itertools.product(STATUSES, STATUSES)))
def test_there_is_an_arrow_exactly_where_people_expect_one(source: Status, target: Status) -> None:
    assert ((source, target) in ARROWS) is (target in LEGAL[source])
    assert (target in targets(source)) is (target in LEGAL[source])


def test_each_status_has_its_arrows() -> None:
    assert set(get_args(Status)) == LEGAL.keys()
    assert {source for source, _ in ARROWS} == {target for _, target in ARROWS} == LEGAL.keys()


def test_every_arrow_has_a_sentence_of_its_own() -> None:
    assert all(len(sentence.split()) >= 3 for sentence in ARROWS.values())
    assert len(set(ARROWS.values())) == len(ARROWS)


def test_the_console_offers_what_the_arrows_allow() -> None:
    assert json.loads(CONSOLE.read_text()) == {source: targets(source) for source in STATUSES}
