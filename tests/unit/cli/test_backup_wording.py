import pytest

from app.cli.backups import wording


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0.0 kB"), (999_949, "999.9 kB"), (12_345_678, "12.3 MB"), (5 * 10**15, "5,000.0 TB")]
)
def test_a_size_is_in_the_unit_that_people_would_take(count: int, said: str) -> None:
    assert wording.size(count) == said


def test_what_is_in_a_database_is_counted_by_what_people_know() -> None:
    counts = {"tickets": 1_200, "users": 1, "job_items": 3}
    assert wording.contents(counts) == "1,200 tickets, 1 user, 0 jobs; 1,204 rows in 3 tables"
