import itertools
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.jobs import events
from app.jobs.news import MAX_AT_ONCE, MAX_LATEST, News
from app.jobs.status import ACTIVE, TERMINAL, Status
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


def progress(seq: int, job_id: UUID = JOB_ID) -> events.Event:
    """Progress with as many items done as its `seq` says."""
    return event(seq, id=job_id, succeeded=seq)


def test_progress_goes_out_at_once_up_to_the_first_that_has_items_done() -> None:
    news = News()
    for first in (event(2), event(3), progress(4)):
        assert news.offer(first) is first
    assert news.offer(progress(5)) is None


def test_progress_that_is_the_first_to_be_seen_of_a_job_goes_out_at_once() -> None:
    news = News()
    assert news.offer(progress(9)) == progress(9)
    assert news.offer(progress(10)) is None


def test_later_progress_waits_for_the_tick() -> None:
    news = News()
    news.offer(progress(2))
    assert news.offer(progress(3)) is None
    assert news.take_held() == [progress(3)]
    assert news.take_held() == []


def test_progress_waits_for_the_next_tick_if_one_has_just_told_of_its_job() -> None:
    news = News()
    news.offer(progress(2))
    news.offer(progress(3))
    news.take_held()
    assert news.offer(progress(4)) is None
    assert news.take_held() == [progress(4)]


def test_progress_goes_out_at_once_if_the_last_tick_had_none_of_its_job() -> None:
    news = News()
    news.offer(progress(2))
    news.take_held()
    assert news.offer(progress(3)) == progress(3)
    assert news.offer(progress(4)) is None


def test_of_progress_that_waits_only_the_newest_is_sent() -> None:
    news = News()
    news.offer(progress(2))
    for seq in (3, 4, 6, 5):
        assert news.offer(progress(seq)) is None
    assert news.take_held() == [progress(6)]


def test_each_job_has_its_own_newest_progress() -> None:
    news, other = News(), uuid4()
    for told in (progress(8), progress(2, other), progress(9), progress(3, other)):
        news.offer(told)
    assert news.take_held() == [progress(9), progress(3, other)]


def test_of_more_jobs_than_may_at_once_the_progress_waits_for_the_tick() -> None:
    news = News()
    jobs = [uuid4() for _ in range(MAX_AT_ONCE + 1)]
    assert [news.offer(progress(2, job_id)) is not None for job_id in jobs] == [True] * MAX_AT_ONCE + [False]
    assert news.offer(event(3, Status.COMPLETED)) is not None
    assert news.take_held() == [progress(2, jobs[-1])]
    assert news.offer(progress(3, jobs[0])) is not None


@pytest.mark.parametrize("seq", [1, 2, 3])
def test_what_is_as_old_as_what_was_seen_is_dropped(seq: int) -> None:
    news = News()
    news.offer(event(3, Status.PAUSED))
    assert news.offer(event(seq, Status.CANCELED)) is None
    assert news.offer(progress(seq)) is None
    assert news.take_held() == []


def test_a_change_of_state_drops_the_progress_that_it_overtook() -> None:
    news = News()
    news.offer(progress(1))
    news.offer(progress(2))
    assert news.offer(event(3, Status.COMPLETED)) == event(3, Status.COMPLETED)
    assert news.take_held() == []


def test_a_late_change_of_state_does_not_drop_newer_progress() -> None:
    news = News()
    news.offer(progress(4))
    news.offer(progress(5))
    assert news.offer(event(1, Status.QUEUED)) is None
    assert news.take_held() == [progress(5)]


def test_the_newest_is_known_before_it_is_sent() -> None:
    news = News()
    assert news.newest(JOB_ID) is None
    for seq in (2, 4, 3):
        news.offer(progress(seq))
    assert news.newest(JOB_ID) == progress(4).payload


@st.composite
def lives(draw: st.DrawFn) -> list[events.Event]:
    """All that is ever told of one job: created, then whatever, then its end."""
    job_id = draw(st.uuids())
    midway = draw(st.lists(st.sampled_from([Status.RUNNING, Status.RUNNING, Status.PAUSED]), max_size=8))
    states = [Status.QUEUED, *midway, draw(st.sampled_from(sorted(TERMINAL)))]
    done_from = draw(st.integers(min_value=2, max_value=len(states)))
    return [
        event(seq, status, id=job_id, succeeded=seq if seq >= done_from else 0)
        for seq, status in enumerate(states, start=1)
    ]


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[list[events.Event]], list[events.Event | None]]:
    """Lives, and how they may arrive: in any order, ticks (None) between, events lost or doubled, but never an end."""
    jobs = draw(st.lists(lives(), min_size=1, max_size=3, unique_by=lambda life: life[0].payload.job_id))
    everything: list[events.Event | None] = [None, *(told for life in jobs for told in life)]
    some = draw(st.lists(st.sampled_from(everything), max_size=40))
    return jobs, draw(st.permutations([*some, *(life[-1] for life in jobs)]))


def hear(news: News, arriving: list[events.Event | None]) -> list[list[events.Event]]:
    """Return what is sent from tick to tick."""
    sent: list[list[events.Event]] = [[]]
    for told in arriving:
        if told is None:
            sent.append(news.take_held())
        elif (at_once := news.offer(told)) is not None:
            sent[-1].append(at_once)
    return [*sent, news.take_held()]


@given(deliveries())
def test_however_events_arrive_each_job_goes_forward_and_ends_once(
    arrival: tuple[list[list[events.Event]], list[events.Event | None]],
) -> None:
    jobs, arriving = arrival
    sent = list(itertools.chain.from_iterable(hear(News(), arriving)))
    for life in jobs:
        seqs = [told.payload.seq for told in sent if told.payload.job_id == life[0].payload.job_id]
        assert seqs == sorted(set(seqs))
        assert seqs[-1] == len(life)


@given(deliveries())
def test_however_events_arrive_a_job_under_way_has_one_progress_event_a_tick_at_most(
    arrival: tuple[list[list[events.Event]], list[events.Event | None]],
) -> None:
    jobs, arriving = arrival
    for sent in hear(News(), arriving):
        for life in jobs:
            progressed = [told for told in sent if told.payload.job_id == life[0].payload.job_id and told.is_progress]
            assert sum(told.payload.processed > 0 for told in progressed) <= 1


@given(deliveries(), st.integers(min_value=0, max_value=50))
def test_whoever_comes_in_at_any_moment_is_told_each_step_and_end_once(
    arrival: tuple[list[list[events.Event]], list[events.Event | None]], moment: int
) -> None:
    jobs, arriving = arrival
    news = News()
    for told in arriving[:moment]:
        if told is None:
            news.take_held()
        else:
            news.offer(told)
    sent = [*news.latest(), *itertools.chain.from_iterable(hear(news, arriving[moment:]))]
    for life in jobs:
        seqs = [told.payload.seq for told in sent if told.payload.job_id == life[0].payload.job_id]
        assert seqs == sorted(set(seqs))
        assert seqs[-1] == len(life)


def test_the_latest_are_the_last_event_of_each_job_in_the_order_of_telling() -> None:
    news, other = News(), uuid4()
    for told in (event(1, Status.QUEUED), event(1, Status.QUEUED, id=other), progress(2), event(3, Status.COMPLETED)):
        news.offer(told)
    assert news.latest() == [event(1, Status.QUEUED, id=other), event(3, Status.COMPLETED)]


def test_the_latest_are_without_what_waits_for_the_tick() -> None:
    news = News()
    news.offer(progress(2))
    news.offer(progress(3))
    assert news.latest() == [progress(2)]


def test_the_latest_of_one_owner_are_without_those_of_others() -> None:
    news, owner = News(), uuid4()
    theirs = event(1, Status.QUEUED, id=uuid4(), requested_by=owner)
    news.offer(theirs)
    news.offer(event(1, Status.QUEUED))
    assert news.latest(owner) == [theirs]
    assert news.latest(uuid4()) == []


def test_of_many_jobs_the_latest_are_those_that_moved_last() -> None:
    news = News()
    jobs = [uuid4() for _ in range(MAX_LATEST + 1)]
    for job_id in jobs:
        news.offer(event(1, Status.QUEUED, id=job_id))
    news.offer(event(2, Status.PAUSED, id=jobs[0]))
    assert [told.payload.job_id for told in news.latest()] == [*jobs[2:], jobs[0]]


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
    told_next = news.offer(event(8, Status.RUNNING))
    assert told_next is not None
    assert told_next.name == "jobs:progress"
