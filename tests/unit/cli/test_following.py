from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from app.cli.following import Standing
from app.client import Job, Update
from app.client.models import Status

ONE, OTHER = uuid4(), uuid4()


def update(job_id: UUID, status: Status = "running", **figures: Any) -> Update:
    usual: dict[str, Any] = {"progress": 0, "total": 10, "processed": 0, "succeeded": 0, "failed": 0, "seq": 1}
    nothing = dict.fromkeys(["parent_job_id", "unprocessed", "rate_per_second", "eta_seconds"])
    told = {"job_id": job_id, "type": "bulk-delete", "status": status, "at": datetime.now(UTC)}
    return Update(**usual | nothing | told | figures)


def standing(*updates: Update) -> Standing:
    made = Standing([])
    for each in updates:
        made.take(each)
    return made


def test_several_jobs_are_added_up() -> None:
    both = standing(
        update(ONE, "completed", total=10, processed=10, failed=2, rate_per_second=5.0),
        update(OTHER, total=20, processed=5, failed=1, rate_per_second=7.0),
    )
    assert (both.total, both.processed, both.failed, both.rate) == (30, 15, 3, "7/s")
    assert both.title == "2 jobs, 1 ended"


def test_a_total_is_known_when_all_are() -> None:
    assert standing(update(ONE, total=10), update(OTHER, total=None)).total is None
    assert standing(update(ONE, total=0)).total == 0


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        (["completed", "completed"], 0),
        (["completed", "failed"], 3),
        (["failed", "canceled"], 4),
        (["running", "completed"], 0),
    ],
)
def test_the_worst_outcome_is_the_code(statuses: list[Status], code: int) -> None:
    assert standing(*(update(uuid4(), status) for status in statuses)).code == code


def test_all_that_a_job_tells_makes_an_update() -> None:
    assert set(Update.__struct_fields__) - set(Job.__struct_fields__) == {"job_id", "at"}
    assert msgspec.structs.fields(Update)[0].name == "job_id"
