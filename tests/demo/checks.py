"""Whether the database agrees with every number that a client was told."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.client import Item, Job
from tests.demo.targets import Targets
from tests.demo.watcher import Event

NEW, ONCE_CHANGED = 1, 2  # versions

_JOBS = text("""
    select cast(id as text), status, total, succeeded, failed, duplicates, revision,
           extract(epoch from updated_at - started_at) as seconds
    from jobs
""")
_ITEMS = text("select position, ticket_id, result, code from job_items order by position")
_TICKETS = text("select id, version, deleted_at is not null as is_deleted, deleted_by_job from tickets")


class Posted(NamedTuple):
    """What a post was answered with, and how long that took."""

    job: Job
    is_replay: bool
    seconds: float


class Story(NamedTuple):
    """What a client asked for, and all that it was told."""

    targets: Targets
    posted: Posted
    replayed: Posted
    job: Job
    failed_items: list[Item]
    events: list[Event]


class Facts(NamedTuple):
    """The rows of a database in which nothing else has happened."""

    jobs: Sequence[Any]
    items: Sequence[Any]
    tickets: Sequence[Any]


class Check(NamedTuple):
    """A claim, the value it rests on and the one that was found."""

    claim: str
    expected: Any
    found: Any

    @property
    def holds(self) -> bool:
        return bool(self.expected == self.found)

    @property
    def difference(self) -> str:
        if isinstance(self.expected, set):
            return f"{len(self.expected - self.found)} are missing, {len(self.found - self.expected)} do not belong"
        return f"{self.expected!r} was expected, {self.found!r} was found"


async def read_facts(connection: AsyncConnection) -> Facts:
    jobs, items, tickets = [(await connection.execute(query)).all() for query in (_JOBS, _ITEMS, _TICKETS)]
    return Facts(jobs, items, tickets)


def compare(story: Story, facts: Facts) -> list[Check]:
    return [check for part in (_job, _items, _tickets, _events) for check in part(story, facts)]


def _job(story: Story, facts: Facts) -> list[Check]:
    job, targets, posts = story.job, story.targets, (story.posted, story.replayed)
    told = [str(job.id), job.status, job.total, job.succeeded, job.failed, job.duplicates, job.seq]
    total, succeeded, twice = len(targets.distinct), len(targets.live), len(targets.twice)
    rates = [round((row.succeeded + row.failed) / float(row.seconds), 1) for row in facts.jobs if row.seconds]
    return [
        Check("The API told of the job what its row says", [told], [list(row[:7]) for row in facts.jobs]),
        Check(
            f"It completed: {succeeded:,} succeeded, {total - succeeded:,} failed, {twice:,} duplicates",
            [["completed", total, succeeded, total - succeeded, twice]],
            [list(row[1:6]) for row in facts.jobs],
        ),
        Check("Its items per second are those of its row", [job.rate_per_second], rates),
        Check(
            "The same key twice made one job",
            [(row.id, is_replay) for row in facts.jobs for is_replay in (False, True)],
            [(str(post.job.id), post.is_replay) for post in posts],
        ),
    ]


def _items(story: Story, facts: Facts) -> list[Check]:
    codes = story.targets.codes()
    told = {(item.ticket_id, item.position, item.code) for item in story.failed_items}
    failed = {(item.ticket_id, item.position, item.code) for item in facts.items if item.result == "failed"}
    counts = ", ".join(f"{count:,} {code}" for code, count in Counter(codes.values()).items())
    return [
        Check(
            f"Each of the {len(codes):,} ids has one result", list(range(len(codes))), [i.position for i in facts.items]
        ),
        Check(f"It is the one it must be: {counts}", set(codes.items()), {(i.ticket_id, i.code) for i in facts.items}),
        Check(f"The API lists the {len(failed):,} failed items as they are", told, failed),
    ]


def _tickets(story: Story, facts: Facts) -> list[Check]:
    def ids(*state: Any) -> set[UUID]:
        return {row.id for row in facts.tickets if (row.version, row.is_deleted, row.deleted_by_job) == state}

    live, deleted, job_id = set(story.targets.live), set(story.targets.deleted), story.job.id
    others = {row.id for row in facts.tickets} - live - deleted
    return [
        Check(
            f"{len(live):,} tickets were deleted by this job, each changed once", live, ids(ONCE_CHANGED, True, job_id)
        ),
        Check(f"The {len(deleted):,} deleted before are as they were", deleted, ids(ONCE_CHANGED, True, None)),
        Check(f"The {len(others):,} others were not touched", others, ids(NEW, False, None)),
    ]


def _events(story: Story, facts: Facts) -> list[Check]:
    seqs = [event.payload["seq"] for event in story.events]
    last = story.events[-1].payload
    told = [last[name] for name in ("jobId", "status", "total", "succeeded", "failed")]
    return [
        Check(
            f"The {len(seqs)} events never went back, and one told of the end",
            (sorted(set(seqs)), 1),
            (seqs, sum(event.is_terminal for event in story.events)),
        ),
        Check(
            "The last event told the truth", [[*told, last["seq"]]], [[*row[:5], row.revision] for row in facts.jobs]
        ),
    ]
