"""What of all that sockets and answers tell is news."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.client import Update, models, retries
from app.client.watching import Latest
from app.jobs import events, schemas
from app.jobs.previews import Preview
from app.jobs.status import TERMINAL, Status

ONE, OTHER = uuid4(), uuid4()
FIGURES: dict[str, Any] = {
    "parent_job_id": None,
    "type": "bulk-delete",
    "progress": 0,
    "total": 9,
    "processed": 0,
    "succeeded": 0,
}
FIGURES |= {"failed": 0, "unprocessed": 9, "rate_per_second": None, "eta_seconds": None, "at": datetime.now(UTC)}


def update(seq: int, status: models.Status = "running", job_id: UUID = ONE) -> Update:
    return Update(job_id=job_id, seq=seq, status=status, **FIGURES)


@given(st.lists(st.integers(1, 20)))
def test_whatever_comes_in_whatever_order_only_what_is_newer_is_news(seqs: list[int]) -> None:
    latest = Latest([ONE])
    taken = [seq for seq in seqs if latest.takes(update(seq))]
    assert taken == sorted(set(taken))
    assert max(taken, default=0) == max(seqs, default=0)


def test_the_end_is_told_once_and_nothing_after_it() -> None:
    latest = Latest([ONE, OTHER])
    assert latest.takes(update(3, "completed"))
    assert not latest.takes(update(3, "completed"))
    assert not latest.takes(update(4, "completed"))  # that it was undone is no second end
    assert latest.unfinished == [OTHER]


def test_other_jobs_are_nobodys_news() -> None:
    assert not Latest([ONE]).takes(update(1, job_id=OTHER))


def test_pauses_grow_up_to_a_bound_unless_the_api_says_how_long() -> None:
    assert [retries.pause_seconds(tries, None) for tries in (1, 2, 3, 9)] == [0.2, 0.4, 0.8, 5.0]
    assert retries.pause_seconds(9, 2.0) == 2.0


@pytest.mark.parametrize(
    ("header", "seconds"), [("2", 2.0), (None, None), ("", None), ("-1", None), ("nan", None), ("inf", None)]
)
def test_what_is_no_number_of_seconds_asks_for_nothing(header: str | None, seconds: float | None) -> None:
    assert retries.retry_after_of(header) == seconds


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (models.Job, schemas.JobResponse),
        (models.Item, schemas.ItemResponse),
        (models.Preview, Preview),
        (models.Summary, schemas.SummaryResponse),
        (models.CodeCount, schemas.CodeResponse),
        (models.Update, events.Payload),
    ],
)
def test_the_client_reads_all_that_the_api_tells(ours: Any, theirs: Any) -> None:
    assert ours.__struct_fields__ == theirs.__struct_fields__


def test_the_client_knows_the_states_of_a_job() -> None:
    assert set(msgspec.json.schema(models.Status)["enum"]) == set(Status)
    assert {str(status) for status in TERMINAL} == models.ENDED
