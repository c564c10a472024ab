import itertools
import json
from pathlib import Path

import pytest
from msgspec import structs

from app.tickets.status import RUNNING, SOLVED, STATUSES, UNSOLVED, Status
from app.tickets.types import fields, registry
from app.tickets.types.registry import GENERAL, TYPES

CONSOLE = Path(__file__).parents[2] / "app/web/src/features/tickets/arrows.json"
OF_GENERAL: dict[Status, set[Status]] = {
    "open": {"in_progress", "pending", "resolved", "closed"},
    "in_progress": {"open", "pending", "resolved", "closed"},
    "pending": {"open", "in_progress", "resolved", "closed"},
    "resolved": {"open", "in_progress", "closed"},
    "closed": {"open"},
}
OF_REQUESTS: dict[Status, set[Status]] = {
    "pending_approval": {"approved", "rejected"},
    "approved": {"in_progress"},
    "rejected": set(),
    "in_progress": {"fulfilled"},
    "fulfilled": {"closed"},
    "closed": set(),
}
OF_OPTICS: dict[Status, set[Status]] = OF_REQUESTS | {"approved": {"in_progress", "closed"}, "rejected": {"closed"}}
LEGAL = {"general": OF_GENERAL, "cable": OF_REQUESTS, "optics": OF_OPTICS}


def test_the_types_are_those_that_are_tried_here() -> None:
    assert TYPES.keys() == LEGAL.keys()
    assert all(type_.name == name for name, type_ in TYPES.items())


@pytest.mark.parametrize("name", LEGAL)
@pytest.mark.parametrize(("source", "target"), list(itertools.product(STATUSES, STATUSES)))
def test_there_is_an_arrow_exactly_where_people_expect_one(name: str, source: Status, target: Status) -> None:
    is_legal = target in LEGAL[name].get(source, ())
    assert ((source, target) in TYPES[name].arrows) is is_legal
    assert (target in TYPES[name].targets(source)) is is_legal


@pytest.mark.parametrize("name", LEGAL)
def test_a_type_has_the_states_that_it_begins_as_and_those_that_arrows_lead_to(name: str) -> None:
    assert set(TYPES[name].states) == LEGAL[name].keys()
    assert set(TYPES[name].begins_as) <= LEGAL[name].keys()


def test_every_state_is_one_of_some_type() -> None:
    assert set().union(*LEGAL.values()) == set(STATUSES)


@pytest.mark.parametrize("name", LEGAL)
def test_every_arrow_has_a_sentence_of_its_own(name: str) -> None:
    sentences = TYPES[name].arrows.values()
    assert all(len(sentence.split()) >= 3 for sentence in sentences)
    assert len(set(sentences)) == len(sentences)


def test_nothing_is_late_once_it_is_solved() -> None:
    assert set(RUNNING) <= set(UNSOLVED)
    assert set(SOLVED) | set(UNSOLVED) == set(STATUSES)


def test_only_what_is_approved_first_has_a_title_of_its_own_and_only_general_tickets_have_no_fields() -> None:
    assert {name for name, type_ in TYPES.items() if not type_.needs_approval} == {GENERAL}
    assert {name for name, type_ in TYPES.items() if type_.title is None} == {GENERAL}
    assert {name for name, type_ in TYPES.items() if not type_.fields.__struct_fields__} == {GENERAL}


def test_what_fulfilling_does_beside_is_not_left_out_by_a_bulk_job(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fulfill(*_: object) -> None:
        pass

    for name in ("cable", "optics"):
        assert f"('{name}', 'in_progress', 'fulfilled')" in registry.is_allowed("wanted")
    monkeypatch.setitem(TYPES, "optics", structs.replace(TYPES["optics"], fulfill=fulfill))
    assert "('optics', 'in_progress', 'fulfilled')" not in registry.is_allowed("wanted")


@pytest.mark.parametrize("name", LEGAL)
def test_fields_are_what_filters_can_look_for(name: str) -> None:
    properties = fields.schema_of(TYPES[name])["properties"]
    assert {each["type"] for each in properties.values()} <= {"string", "integer"}


def test_the_console_offers_what_the_arrows_allow() -> None:
    assert json.loads(CONSOLE.read_text()) == {
        name: {state: type_.targets(state) for state in type_.states} for name, type_ in TYPES.items()
    }
