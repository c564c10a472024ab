from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.jobs import events
from app.jobs.status import ACTIVE, TERMINAL, Status
from app.realtime.news import News
from tests.support.samples import event, job

LIFECYCLE = [status for status in Status if status is not Status.RUNNING]
JOB_ID = job().id


@pytest.mark.parametrize("status", LIFECYCLE)
def test_a_change_of_state_is_sent_at_once(status: Status) -> None:
    offered = event(1, status)
    assert News().offer(offered) is offered


def test_that_a_job_was_resumed_is_sent_at_once_although_it_runs() -> None:
    offered = events.of(job(revision=7), "jobs:resumed")
    assert News().offer(offered) is offered


def test_progress_waits_for_the_tick() -> None:
    news = News()
    assert news.offer(event(2)) is None
    assert news.take_held() == [event(2)]
    assert news.take_held() == []


def test_of_progress_only_the_newest_of_a_tick_is_sent() -> None:
    news = News()
    for seq in (2, 3, 5, 4):
        assert news.offer(event(seq)) is None
    assert news.take_held() == [event(5)]


def test_each_job_has_its_own_newest_progress() -> None:
    news, other = News(), uuid4()
    news.offer(event(9))
    news.offer(event(3, id=other))
    assert news.take_held() == [event(9), event(3, id=other)]


@pytest.mark.parametrize("seq", [1, 2, 3])
def test_what_is_as_old_as_what_was_seen_is_dropped(seq: int) -> None:
    news = News()
    news.offer(event(3, Status.PAUSED))
    assert news.offer(event(seq, Status.CANCELED)) is None
    assert news.offer(event(seq)) is None
    assert news.take_held() == []


def test_a_change_of_state_drops_the_progress_that_it_overtook() -> None:
    news = News()
    news.offer(event(2))
    assert news.offer(event(3, Status.COMPLETED)) == event(3, Status.COMPLETED)
    assert news.take_held() == []


def test_a_late_change_of_state_does_not_drop_newer_progress() -> None:
    news = News()
    news.offer(event(5))
    assert news.offer(event(1, Status.QUEUED)) is None
    assert news.take_held() == [event(5)]


def test_the_newest_is_known_before_it_is_sent() -> None:
    news = News()
    assert news.newest(JOB_ID) is None
    news.offer(event(2))
    news.offer(event(1))
    assert news.newest(JOB_ID) == event(2).payload


@st.composite
def lives(draw: st.DrawFn) -> list[events.Event]:
    """All that is ever told of one job: created, then whatever, then its end."""
    job_id = draw(st.uuids())
    midway = draw(st.lists(st.sampled_from([Status.RUNNING, Status.RUNNING, Status.PAUSED]), max_size=8))
    states = [Status.QUEUED, *midway, draw(st.sampled_from(sorted(TERMINAL)))]
    return [event(seq, status, id=job_id) for seq, status in enumerate(states, start=1)]


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[list[events.Event]], list[events.Event | None]]:
    """Lives, and how they may arrive: in any order, ticks (None) between, events lost or doubled, but never an end."""
    jobs = draw(st.lists(lives(), min_size=1, max_size=3, unique_by=lambda life: life[0].payload.job_id))
    everything: list[events.Event | None] = [None, *(told for life in jobs for told in life)]
    some = draw(st.lists(st.sampled_from(everything), max_size=40))
    return jobs, draw(st.permutations([*some, *(life[-1] for life in jobs)]))


@given(deliveries())
def test_however_events_arrive_each_job_goes_forward_and_ends_once(
    arrival: tuple[list[list[events.Event]], list[events.Event | None]],
) -> None:
    jobs, arriving = arrival
    news, sent = News(), list[events.Event]()
    for told in arriving:
        if told is None:
            sent.extend(news.take_held())
        elif (at_once := news.offer(told)) is not None:
            sent.append(at_once)
    sent.extend(news.take_held())
    for life in jobs:
        seqs = [told.payload.seq for told in sent if told.payload.job_id == life[0].payload.job_id]
        assert seqs == sorted(set(seqs))
        assert seqs[-1] == len(life)


def _told_of(statuses: dict[UUID, Status]) -> News:
    news = News()
    for job_id, status in statuses.items():
        news.offer(event(4, status, id=job_id))
    return news


def test_a_job_is_unfinished_until_its_end_was_seen() -> None:
    statuses = {uuid4(): status for status in Status}
    news = _told_of(statuses)
    assert {statuses[job_id] for job_id in news.unfinished()} == ACTIVE


def test_a_job_has_ended_once_its_end_was_seen() -> None:
    statuses = {uuid4(): status for status in Status}
    news = _told_of(statuses)
    assert {statuses[job_id] for job_id in news.ended()} == TERMINAL


def test_what_is_forgotten_is_as_if_it_had_never_been() -> None:
    kept = uuid4()
    news = _told_of({JOB_ID: Status.COMPLETED, kept: Status.COMPLETED})
    news.forget({JOB_ID, uuid4()})
    assert news.newest(JOB_ID) is None
    assert news.ended() == {kept}


def test_that_a_job_was_resumed_is_told_even_if_that_got_lost() -> None:
    news = News()
    news.offer(event(5, Status.PAUSED))
    told = news.offer(event(7, Status.RUNNING))
    assert told is not None
    assert (told.name, told.payload.seq) == ("jobs:resumed", 7)
    assert news.offer(event(8, Status.RUNNING)) is None
