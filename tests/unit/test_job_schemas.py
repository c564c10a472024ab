from app.jobs.models import CodeCount
from app.jobs.schemas import SummaryResponse
from tests.support.samples import job

COUNTS = [CodeCount("succeeded", "deleted", 2), CodeCount("failed", "not_found", 1), CodeCount("unprocessed", None, 4)]


def test_a_summary_of_targets_written_down_since_the_job_was_read_has_their_total() -> None:
    summary = SummaryResponse.of(job(total=None), COUNTS)
    assert (summary.total, summary.succeeded, summary.failed, summary.unprocessed) == (7, 2, 1, 4)


def test_a_summary_has_no_total_before_anyone_has_counted() -> None:
    summary = SummaryResponse.of(job(total=None), [])
    assert (summary.total, summary.unprocessed, summary.codes) == (None, 0, [])


def test_a_summary_of_a_job_without_targets_has_a_total_of_zero() -> None:
    assert SummaryResponse.of(job(total=0), []).total == 0
