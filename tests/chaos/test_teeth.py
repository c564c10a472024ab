"""Every scenario and every fault point catches Bulkhead done wrong; and what is no fault of ours comes right.

One of them is tried in every run of the tests, the others with `-m teeth`.
"""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import pytest

from tests.chaos import checker, scene
from tests.chaos.catalog import SCENARIOS, SOAK
from tests.chaos.play import PASSWORD_HASH, a_local_dir, play
from tests.chaos.scene import CHUNK_SIZE, PATIENCE_SECONDS, Scene
from tests.chaos.unplayable import Unplayable

CHUNKS = 15
ITEMS = CHUNKS * CHUNK_SIZE

MIXED, PACE = "Jobs of every type, and SIGKILL", "Throttled: paused, killed, retried"
PRIORITY, RETENTION = "High priority behind others", "Retention while an undo needs the job"
IN_STEP, BEHIND = "Primary killed, its standby in step", "Primary killed, its standby behind"
SENDING, WRITING = "SIGKILL of workers that send", "SIGKILL of workers that write e-mail"

IMPATIENT_SECONDS = 10

# What strikes at random moments may miss the one that matters; missing it again and again is no chance.
TRIES = 3

# Whoever meets it first: a request, or a lane at work.
OUTAGE_SHOWS = r"was answered with 500|has failed with \d+ to do"

# Which scenario is played, which fault is built in, and what the judge must find because of it.
# With these, something waits for ever, and nobody shall wait for that as long.
STUCK = [
    ("SIGKILL of the only worker", "counts_outside_the_transaction", r"counts \d+ where 10000 items are recorded"),
    ("SIGKILL of one of two workers", "counts_outside_the_transaction", r"counts \d+ where 10000 items are recorded"),
    ("SIGKILL at each step of a chunk", "commits_the_claim", "lost=[1-9]"),
    ("SIGTERM and SIGSTOP of a worker", "keeps_its_transaction", "did not go on: .* is running and not at an end"),
    ("SIGKILL of the API under its sockets", "tells_of_the_living_only", "never told its end"),
    ("Redis emptied, its clients killed", "forgets_the_tail", "is queued and not at an end"),
    ("Redis out of memory", "forgets_the_tail", "is queued and not at an end"),
    ("Postgres: all backends terminated", "gives_up_when_cut_off", r"has failed with \d+ to do"),
    ("Races over the same tickets", "claims_what_others_have", r"has \d+ done and 3000 to do, not 3000"),
    ("Races with the end of a job", "ignores_a_stop", "while it was paused at|after it had been stopped at"),
    (IN_STEP, "knows_one_server", "did not go on: "),
    (BEHIND, "counts_outside_the_transaction", r"counts \d+ where \d+ items are recorded"),
    ("Sentinels replace the master", "remembers_the_master", "did not go on: "),
    (SENDING, "writes_down_before_it_sends", r"of \d+ events never came to /well"),
    (WRITING, "writes_down_before_it_writes", r"of \d+ letters never came to the agent"),
    ("Many processes behind a proxy", "claims_what_others_have", r"has failed with \d+ to do"),
    ("Rolling upgrade", "claims_what_others_have", r"has failed with \d+ to do"),
    (SOAK, "claims_what_others_have", r"has failed with \d+ to do"),
]
# These go on to the end, and leave something wrong behind.
WRONG = [
    ("SIGKILL of the only worker", "raises_the_version_only", "is_deleted=False.* ought to be .*is_deleted=True"),
    ("SIGKILL of the API around its answer", "forgets_the_key", "jobs that nobody was told of"),
    ("Redis killed, and back empty", "locks_the_door_without_redis", "nobody can log in"),
    ("Postgres restarted", "takes_an_outage_for_a_bug", OUTAGE_SHOWS),
    ("Postgres: no connection left", "takes_an_outage_for_a_bug", OUTAGE_SHOWS),
    ("Postgres: tickets locked", "waits_for_ever", "the API noticed nothing"),
    ("Postgres: disk full", "takes_an_outage_for_a_bug", "nobody noticed that the disk was full"),
    ("Primary cut off, its standby in step", "waits_for_ever", "did not go on: await recovering"),
    ("PgBouncer restarted", "takes_an_outage_for_a_bug", OUTAGE_SHOWS),
    ("Replica late, gone and back", "believes_the_replica", "did not read what they had written"),
    ("Replica late, gone and back", "does_not_say_what_was_written", "hardly anybody was told how far the log was"),
    ("Network to Postgres frozen", "waits_for_ever", "did not go on: await until.*lane_interrupted"),
    ("Races of 200 posts with 20 keys", "forgets_the_key", "200 posts with 20 keys made"),
    ("Races with people's edits", "writes_what_it_read", "lost=[1-9]"),
    (MIXED, "forgets_the_status", r"status='open'.* ought to be .*status='(in_progress|closed)'"),
    (MIXED, "purges_nothing", r"is Ticket\(.* ought to be None"),
    (MIXED, "restores_over_newer_changes", "says undone, at version .* and conflict is due"),
    (PACE, "retries_at_full_speed", r"did \d+ items in a second, with a limit of 200"),
    (PACE, "makes_up_for_all_lost_time", r"did \d+ items in a second, with a limit of 200"),
    (PRIORITY, "goes_on_at_normal_priority", "where one of high priority was to go first"),
    (PRIORITY, "resumes_at_normal_priority", "where one of high priority was to go first"),
    (RETENTION, "sweeps_what_an_undo_needs", "job .* was accepted and is not there"),
]
TEETH = [
    *((*tooth, IMPATIENT_SECONDS) for tooth in STUCK),
    *((*tooth, PATIENCE_SECONDS) for tooth in WRONG),
]


class Open(Protocol):
    def __call__(self, *variants: str, patience_seconds: float = ...) -> AbstractAsyncContextManager[Scene]: ...


@pytest.fixture
def stage() -> Open:
    @contextlib.asynccontextmanager
    async def opened(*variants: str, patience_seconds: float = IMPATIENT_SECONDS) -> AsyncIterator[Scene]:
        with a_local_dir() as local_dir:
            async with scene.opened(local_dir, PASSWORD_HASH, variants, patience_seconds) as stage:
                yield stage

    return opened


def test_every_scenario_is_tried() -> None:
    assert {name for name, *_ in TEETH} == SCENARIOS.keys()


@pytest.mark.teeth
@pytest.mark.parametrize(("name", "variant", "fault", "patience_seconds"), TEETH)
async def test_a_scenario_catches_what_is_done_wrong(
    name: str, variant: str, fault: str, patience_seconds: float
) -> None:
    verdicts: list[str] = []
    for seed in range(TRIES):
        try:
            outcome = await play(name, seed, 0.1 if name == SOAK else 1, [variant], patience_seconds)
        except Unplayable as reason:
            pytest.skip(str(reason))
        verdicts.append(f"{outcome.verdict}")
        if re.search(fault, verdicts[-1]):
            return
    pytest.fail(f"in {TRIES} plays nobody found {fault!r}: {verdicts}")


@pytest.mark.parametrize(
    ("point", "variant", "fault"),
    [
        pytest.param("before_apply:3", "commits_the_claim", "lost=[1-9]", marks=pytest.mark.teeth),
        pytest.param("after_record:3", "commits_the_claim", "lost=[1-9]", marks=pytest.mark.teeth),
        ("after_count:3", "counts_outside_the_transaction", "items are recorded"),
        # The first one is that it began.
        pytest.param(f"after_commit:{1 + CHUNKS}", "skips_the_resync", "never told its end", marks=pytest.mark.teeth),
    ],
)
async def test_a_fault_point_of_a_chunk_catches_what_is_done_wrong(
    stage: Open, point: str, variant: str, fault: str
) -> None:
    async with stage(variant) as scene:
        await scene.start(workers=0)
        await scene.delete(ITEMS)
        await scene.dies(scene.start_worker(die=point, JOB_LANES="1"))
        scene.start_worker()
        assert re.search(fault, await faults_of(scene))


@pytest.mark.parametrize(
    ("point", "variant", "fault"),
    [
        pytest.param("before_answer:1", "forgets_the_key", "nobody was told of", marks=pytest.mark.teeth),
        pytest.param("before_wake_up:1", "forgets_the_tail", "is queued and not at an end", marks=pytest.mark.teeth),
    ],
)
async def test_a_fault_point_of_the_api_catches_what_is_done_wrong(
    stage: Open, point: str, variant: str, fault: str
) -> None:
    async with stage(variant) as scene:
        await scene.start()
        await scene.kill(scene.api)
        ids = await scene.add_tickets(ITEMS)
        doomed = await scene.start_api(die=point)
        posting = asyncio.create_task(scene.admin.post("bulk-delete", ids))
        await scene.dies(doomed)
        await scene.start_api()
        await posting
        assert re.search(fault, await faults_of(scene))


@pytest.mark.teeth
async def test_announcing_before_the_commit_is_caught(stage: Open) -> None:
    async with stage("announces_before_the_commit") as scene:
        await scene.start(workers=0)
        job_id = await scene.delete(ITEMS)
        await scene.dies(scene.start_worker(die="after_count:3", JOB_LANES="1"))
        await scene.admin.cancel(job_id)
        assert "never told its end" in await faults_of(scene)


@pytest.mark.teeth
async def test_a_scenario_whose_faults_all_miss_is_no_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    async def kills_too_late(scene: Scene, *_: object) -> None:
        [worker] = await scene.start()
        await scene.jobs.through(await scene.delete(1))
        await scene.kill(worker)

    monkeypatch.setitem(SCENARIOS, "Too late", kills_too_late)
    outcome = await play("Too late", 1, 1)
    assert outcome.hits == 0
    assert outcome.verdict.broken == ["no fault met a job at work, in 3 plays"]


def test_no_recovery_may_take_longer_than_thirty_seconds() -> None:
    assert checker.too_slow([0.5, 29.9]) == []
    assert checker.too_slow([0.5, 30.1]) == ["it took 30.1 s to go on after a fault"]


async def test_a_redis_that_delivers_nothing_at_all_does_no_harm(stage: Open) -> None:
    async with stage("is_mute", "launches_nothing", patience_seconds=PATIENCE_SECONDS) as scene:
        await scene.start()
        await scene.delete(100)
        await scene.is_quiet()
        assert (await scene.judged()).is_clean


async def faults_of(scene: Scene) -> str:
    await scene.is_quiet()
    return f"{await scene.judged()}"
