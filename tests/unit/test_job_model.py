import math
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.jobs.models import Chunk
from app.jobs.status import TERMINAL, Status
from tests.support.samples import STARTED, job


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int, int]:
    total = draw(st.integers(1, 400_000))
    succeeded = draw(st.integers(0, total))
    return total, succeeded, draw(st.integers(0, total - succeeded))


@given(counts())
def test_the_counts_add_up_and_only_a_finished_count_is_100_percent(figures: tuple[int, int, int]) -> None:
    total, succeeded, failed = figures
    some = job(total=total, succeeded=succeeded, failed=failed)
    assert some.unprocessed is not None
    assert some.succeeded + some.failed + some.unprocessed == total
    assert some.processed == succeeded + failed
    assert 0 <= some.progress <= 100
    assert (some.progress == 100) is (some.unprocessed == 0)


@pytest.mark.parametrize(
    ("succeeded", "failed", "total", "progress"),
    [
        (0, 0, 1, 0),
        (1, 0, 1, 100),
        (0, 1, 1, 100),
        (1, 1, 3, 66),
        (99, 0, 10_000, 0),
        (100, 0, 10_000, 1),
        (9_999, 0, 10_000, 99),
        (9_000, 999, 10_000, 99),
        (9_000, 1_000, 10_000, 100),
        (399_999, 0, 400_000, 99),
    ],
)
def test_progress_is_rounded_down(succeeded: int, failed: int, total: int, progress: int) -> None:
    assert job(succeeded=succeeded, failed=failed, total=total).progress == progress


def test_the_rate_is_items_a_second_from_the_start_to_the_last_change() -> None:
    some = job(total=1000, succeeded=300, failed=100, updated_at=STARTED + timedelta(seconds=8))
    assert some.rate_per_second == 50.0
    assert some.eta_seconds == 12.0


def test_there_is_no_rate_before_the_start() -> None:
    assert job(status=Status.QUEUED, started_at=None).rate_per_second is None


def test_there_is_no_rate_before_the_first_item() -> None:
    assert job(updated_at=STARTED + timedelta(seconds=8)).rate_per_second is None


@pytest.mark.parametrize("seconds", [0, -1])
def test_there_is_no_rate_when_the_clock_stood_still_or_went_back(seconds: int) -> None:
    some = job(succeeded=10, updated_at=STARTED + timedelta(seconds=seconds))
    assert some.rate_per_second is None
    assert some.eta_seconds is None


@pytest.mark.parametrize("status", [state for state in Status if state is not Status.RUNNING])
def test_only_a_running_job_has_an_eta(status: Status) -> None:
    some = job(status=status, succeeded=10, updated_at=STARTED + timedelta(seconds=1))
    assert some.rate_per_second == 10.0
    assert some.eta_seconds is None


def test_a_slow_job_has_an_eta_too() -> None:
    """A worker that was away overnight makes the rate as low as this."""
    some = job(total=2, succeeded=1, updated_at=STARTED + timedelta(seconds=100))
    assert some.eta_seconds == 100.0


@given(counts(), st.timedeltas(timedelta(microseconds=1), timedelta(days=365)))
def test_rate_and_eta_are_figures_for_any_running_job(figures: tuple[int, int, int], spent: timedelta) -> None:
    total, succeeded, failed = figures
    some = job(total=total, succeeded=succeeded, failed=failed, updated_at=STARTED + spent)
    for figure in (some.rate_per_second, some.eta_seconds):
        assert figure is None or (figure >= 0 and math.isfinite(figure))


@pytest.mark.parametrize("status", Status)
def test_a_job_has_ended_in_a_terminal_state_and_runs_in_one(status: Status) -> None:
    some = job(status=status)
    assert some.has_ended is (status in TERMINAL)
    assert some.is_running is (status is Status.RUNNING)


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_the_halves_of_a_chunk_have_its_items_at_their_positions(size: int) -> None:
    chunk = Chunk(2000, [uuid4() for _ in range(size)])
    left, right = chunk.halves()
    assert left.ticket_ids + right.ticket_ids == chunk.ticket_ids
    assert left.positions + right.positions == chunk.positions == list(range(2000, 2000 + size))
    assert abs(len(left.ticket_ids) - len(right.ticket_ids)) <= 1


def test_halving_ends_at_single_items() -> None:
    def singles(chunk: Chunk) -> list[Chunk]:
        return [chunk] if len(chunk.ticket_ids) == 1 else [one for half in chunk.halves() for one in singles(half)]

    chunk = Chunk(5, [uuid4() for _ in range(7)])
    assert [(one.first_position, *one.ticket_ids) for one in singles(chunk)] == list(
        zip(chunk.positions, chunk.ticket_ids, strict=True)
    )


def test_as_long_as_nobody_has_counted_nobody_says_how_many_are_left() -> None:
    some = job(total=None)
    assert (some.unprocessed, some.progress, some.eta_seconds) == (None, 0, None)
    assert (job(total=0).unprocessed, job(total=0).progress) == (0, 100)


def test_time_spent_paused_is_left_out_of_rate_and_eta() -> None:
    before = job(total=1000, succeeded=400, updated_at=STARTED + timedelta(seconds=4))
    after = job(total=1000, succeeded=400, updated_at=STARTED + timedelta(seconds=64), paused_seconds=60.0)
    assert (before.rate_per_second, before.eta_seconds) == (after.rate_per_second, after.eta_seconds) == (100.0, 6.0)
    resting = job(
        total=1000,
        succeeded=400,
        status=Status.PAUSED,
        paused_at=STARTED + timedelta(seconds=4),
        updated_at=STARTED + timedelta(seconds=4),
    )
    assert (resting.rate_per_second, resting.eta_seconds) == (100.0, None)
    canceled = job(
        total=1000,
        succeeded=400,
        status=Status.CANCELED,
        paused_at=STARTED + timedelta(seconds=4),
        updated_at=STARTED + timedelta(days=1),
    )
    assert canceled.rate_per_second == 100.0


@pytest.mark.parametrize(
    ("changes", "is_undoable"),
    [
        ({}, True),
        ({"finished_at": None}, False),
        ({"undo_days": None}, False),
        ({"undo_days": 0}, False),
        ({"succeeded": 0}, False),
        ({"undone_by": uuid4()}, False),
    ],
    ids=["just ended", "active", "a type that cannot", "no days", "nothing done", "undone"],
)
def test_a_job_can_be_undone_if_it_did_something_and_nobody_undid_it(
    changes: dict[str, Any], is_undoable: bool
) -> None:
    ended = {"status": Status.COMPLETED, "succeeded": 100, "finished_at": STARTED, "undo_days": 30}
    until = job(**(ended | changes)).undo_until(STARTED)
    assert until == (STARTED + timedelta(days=30) if is_undoable else None)


def test_it_can_be_undone_until_its_days_are_over() -> None:
    some = job(status=Status.COMPLETED, succeeded=100, finished_at=STARTED, undo_days=30)
    end, moment = STARTED + timedelta(days=30), timedelta(microseconds=1)
    assert [some.undo_until(now) for now in (end - moment, end, end + moment)] == [end, None, None]


@pytest.mark.parametrize(
    ("rate", "chunk_size", "lanes"), [(None, 1000, 4), (1, 1, 1), (3, 1, 1), (40, 10, 1), (100_000, 1000, 1)], ids=str
)
def test_a_throttled_job_has_one_lane_and_chunks_of_a_quarter_of_a_second(
    rate: int | None, chunk_size: int, lanes: int
) -> None:
    some = job(max_items_per_second=rate)
    assert (some.max_chunk_size(1000), some.lanes(4)) == (chunk_size, lanes)
