import itertools

import pytest

from app.jobs.status import ACTIVE, ARROWS, CLAIMABLE, TERMINAL, Status, sources

# As drawn in the design.
LEGAL = {
    Status.QUEUED: {Status.RUNNING, Status.CANCELED},
    Status.RUNNING: {Status.PAUSED, Status.COMPLETED, Status.FAILED, Status.CANCELED},
    Status.PAUSED: {Status.RUNNING, Status.FAILED, Status.CANCELED},
    Status.COMPLETED: set[Status](),
    Status.FAILED: set[Status](),
    Status.CANCELED: set[Status](),
}


def test_a_state_is_active_or_terminal_and_never_both() -> None:
    assert set(Status) == ACTIVE | TERMINAL
    assert not ACTIVE & TERMINAL


def test_only_active_states_can_be_claimed_and_a_paused_one_cannot() -> None:
    assert CLAIMABLE < ACTIVE
    assert {Status.PAUSED} == ACTIVE - CLAIMABLE


@pytest.mark.parametrize(("source", "target"), list(itertools.product(Status, Status)))
def test_there_is_an_arrow_exactly_where_the_design_draws_one(source: Status, target: Status) -> None:
    is_legal = target in LEGAL[source]
    assert ((source, target) in ARROWS) is is_legal
    assert (source in sources(target)) is is_legal


def test_no_source_is_named_twice() -> None:
    for target in Status:
        assert len(sources(target)) == len(set(sources(target)))


def test_no_arrow_leaves_a_terminal_state() -> None:
    assert not {source for source, _ in ARROWS} & TERMINAL


def test_every_active_state_can_be_canceled() -> None:
    assert set(sources(Status.CANCELED)) == ACTIVE


def test_every_state_is_reached_from_queued() -> None:
    reached, frontier = set[Status](), {Status.QUEUED}
    while frontier:
        reached |= frontier
        frontier = {target for source, target in ARROWS if source in frontier} - reached
    assert reached == set(Status)
    assert not sources(Status.QUEUED)


def test_every_arrow_has_a_sentence_of_its_own() -> None:
    sentences = list(ARROWS.values())
    assert all(len(sentence.split()) >= 3 for sentence in sentences)
    assert len(sentences) == len(set(sentences))


def test_canceled_is_spelled_with_one_l() -> None:
    assert [str(state) for state in Status] == ["queued", "running", "paused", "completed", "failed", "canceled"]


def test_a_move_that_is_about_some_states_has_its_sources_among_them() -> None:
    assert sources(Status.RUNNING, among=[Status.QUEUED, Status.COMPLETED]) == [Status.QUEUED]
    assert sources(Status.RUNNING, among=[]) == []
