"""Whether the database agrees with every number that a client was told."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.cli.demo.api import Json, Posted
from app.cli.demo.targets import Targets
from app.cli.demo.watcher import Event

NEW, ONCE_CHANGED = 1, 2  # versions

_JOBS = text("""
    select cast(id as text), status, total, succeeded, failed, duplicates, revision,
           extract(epoch from updated_at - started_at) as seconds
    from jobs
""")
_ITEMS = text("select position, ticket_id, result, code from job_items order by position")
_TICKETS = text("select id, version, deleted_at is not null as is_deleted, deleted_by_job from tickets")


class Story(NamedTuple):
    """What a client asked for, and all that it was told."""

    targets: Targets
    posted: Posted
    replayed: Posted
    job: Json
    failed_items: list[Json]
    events: list[Event]


class Facts(NamedTuple):
    """The rows of a database that knows nothing but the story."""

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
    job, targets = story.job, story.targets
    told = [job[name] for name in ("id", "status", "total", "succeeded", "failed", "duplicates", "seq")]
    total, succeeded = len(targets.distinct), len(targets.live)
    asked = ["completed", total, succeeded, total - succeeded, len(targets.twice)]
    rates = [round((row.succeeded + row.failed) / float(row.seconds), 1) for row in facts.jobs if row.seconds]
    return [
        Check("The API told of the job what its row says", [told], [list(row[:7]) for row in facts.jobs]),
        Check(
            f"It completed: {succeeded:,} succeeded, {total - succeeded:,} failed, {len(targets.twice):,} duplicates",
            [asked],
            [list(row[1:6]) for row in facts.jobs],
        ),
        Check("Its items per second are those of its row", [job["ratePerSecond"]], rates),
        Check("Both posts were accepted", [HTTPStatus.ACCEPTED] * 2, [story.posted.status, story.replayed.status]),
        Check(
            "The same key twice made one job",
            ([story.posted.job["id"]], False, True),
            (
                sorted({story.replayed.job["id"], *(row.id for row in facts.jobs)}),
                story.posted.is_replay,
                story.replayed.is_replay,
            ),
        ),
    ]


def _items(story: Story, facts: Facts) -> list[Check]:
    def ids(code: str) -> set[UUID]:
        return {item.ticket_id for item in facts.items if item.code == code}

    total = len(story.targets.distinct)
    told = {(UUID(item["ticketId"]), item["position"], item["code"]) for item in story.failed_items}
    failed = {(item.ticket_id, item.position, item.code) for item in facts.items if item.result == "failed"}
    return [
        Check(f"Each of the {total:,} ids has one result", list(range(total)), [item.position for item in facts.items]),
        *(
            Check(f"{len(expected):,} ids ended as {code}, and they are those meant to", expected, ids(code))
            for code, expected in story.targets.by_code().items()
        ),
        Check(f"The API lists the {len(failed):,} failed items as they are", told, failed),
    ]


def _tickets(story: Story, facts: Facts) -> list[Check]:
    def ids(is_so: Callable[[Any], bool]) -> set[UUID]:
        return {ticket.id for ticket in facts.tickets if is_so(ticket)}

    live, deleted = set(story.targets.live), set(story.targets.deleted)
    others = ids(lambda ticket: ticket.id not in live | deleted)
    job_id = UUID(story.job["id"])
    return [
        Check(
            f"{len(live):,} tickets were deleted by this job, each changed once",
            live,
            ids(
                lambda ticket: ticket.is_deleted and ticket.deleted_by_job == job_id and ticket.version == ONCE_CHANGED
            ),
        ),
        Check(
            f"The {len(deleted):,} deleted before are as they were",
            deleted,
            ids(lambda ticket: ticket.is_deleted and ticket.deleted_by_job is None and ticket.version == ONCE_CHANGED),
        ),
        Check(
            f"The {len(others):,} others were not touched",
            others,
            ids(lambda ticket: not ticket.is_deleted and ticket.deleted_by_job is None and ticket.version == NEW),
        ),
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
