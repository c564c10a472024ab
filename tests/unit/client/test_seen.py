"""A client asks for nothing older than what it has been told."""

import pytest

from app.client.seen import HEADER, Seen

OLD, NEW = "000000000000000A", "00000000000000F0"


@pytest.fixture
def seen() -> Seen:
    return Seen()


def said(seen: Seen, answer: str | None) -> str:
    """Send a request whose answer says how new it is, or does not; return what it said was seen."""
    sent, doubts = seen.header[HEADER], seen.doubts
    seen.note(answer, doubts)
    return sent


def test_who_knows_nothing_asks_for_what_is_newest_and_then_for_nothing_older(seen: Seen) -> None:
    assert [said(seen, answer) for answer in (OLD, NEW, OLD, OLD)] == ["latest", OLD, NEW, NEW]


def test_what_nobody_said_the_age_of_is_followed_by_what_is_newest(seen: Seen) -> None:
    assert [said(seen, answer) for answer in (OLD, None, NEW, NEW)] == ["latest", OLD, "latest", NEW]


def test_an_event_counts_that_comes_before_the_answer_to_what_was_sent_earlier(seen: Seen) -> None:
    doubts = seen.doubts
    seen.doubt()
    seen.note(OLD, doubts)
    assert [said(seen, OLD), said(seen, OLD)] == ["latest", OLD]
