from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import msgspec
import pytest

from app.client import Item
from tests.demo import checks
from tests.demo.checks import Check, Facts, Posted, Story
from tests.demo.targets import Targets
from tests.demo.watcher import Event
from tests.support.samples import as_told

JOB_ID = uuid4()
LIVE, DELETED, UNKNOWN, OTHER = [uuid4() for _ in range(4)], [uuid4()], [uuid4(), uuid4()], [uuid4()]


class JobRow(NamedTuple):
    id: str = str(JOB_ID)
    status: str = "completed"
    total: int = 7
    succeeded: int = 4
    failed: int = 3
    duplicates: int = 2
    revision: int = 5
    seconds: float = 0.5


class ItemRow(NamedTuple):
    position: int
    ticket_id: UUID
    result: str
    code: str


class TicketRow(NamedTuple):
    id: UUID
    version: int
    is_deleted: bool
    deleted_by_job: UUID | None


JOB = as_told(id=JOB_ID, status="completed", total=7, succeeded=4, failed=3, duplicates=2, seq=5, rate_per_second=14.0)
CODES = [*((id_, "deleted") for id_ in LIVE), (DELETED[0], "already_deleted"), *((id_, "not_found") for id_ in UNKNOWN)]
ITEMS = [
    ItemRow(position, id_, "succeeded" if code == "deleted" else "failed", code)
    for position, (id_, code) in enumerate(CODES)
]
TICKETS = [
    *(TicketRow(id_, 2, True, JOB_ID) for id_ in LIVE),
    TicketRow(DELETED[0], 2, True, None),
    TicketRow(OTHER[0], 1, False, None),
]


def payload(seq: int, **changes: Any) -> dict[str, Any]:
    return {"jobId": str(JOB_ID), "status": "running", "total": 7, "succeeded": 0, "failed": 0, "seq": seq} | changes


END = payload(5, status="completed", succeeded=4, failed=3)
STORY = Story(
    targets=Targets(LIVE, DELETED, UNKNOWN, twice=[LIVE[0], UNKNOWN[0]]),
    posted=Posted(JOB, is_replay=False, seconds=0.01),
    replayed=Posted(JOB, is_replay=True, seconds=0.01),
    job=JOB,
    failed_items=[
        Item(item.position, item.ticket_id, None, None, "failed", item.code, None, None)
        for item in ITEMS
        if item.result == "failed"
    ],
    events=[Event("jobs:created", payload(1)), Event("jobs:progress", payload(3)), Event("jobs:completed", END)],
)
FACTS = Facts([JobRow()], ITEMS, TICKETS)


def wrong(story: Story = STORY, facts: Facts = FACTS) -> list[Check]:
    return [check for check in checks.compare(story, facts) if not check.holds]


def test_a_true_story_agrees_with_the_facts() -> None:
    assert wrong() == []


@pytest.mark.parametrize("name", [name for name in JobRow._fields if name != "id"])
def test_every_number_of_the_row_is_compared(name: str) -> None:
    row = JobRow()._asdict()
    row[name] = "failed" if name == "status" else row[name] + 1
    assert wrong(facts=FACTS._replace(jobs=[JobRow(**row)]))


BENT_FACTS: dict[str, Callable[[], Facts]] = {
    "a second job": lambda: FACTS._replace(jobs=[*FACTS.jobs, *FACTS.jobs]),
    "an item less": lambda: FACTS._replace(items=FACTS.items[1:]),
    "an item twice": lambda: FACTS._replace(items=[*FACTS.items, FACTS.items[0]]),
    "another id": lambda: FACTS._replace(items=[FACTS.items[0]._replace(ticket_id=uuid4()), *FACTS.items[1:]]),
    "another code": lambda: FACTS._replace(items=[*FACTS.items[:-1], FACTS.items[-1]._replace(code="error")]),
    "a ticket that is still there": lambda: FACTS._replace(
        tickets=[FACTS.tickets[0]._replace(is_deleted=False, deleted_by_job=None), *FACTS.tickets[1:]]
    ),
    "a ticket changed twice": lambda: FACTS._replace(
        tickets=[FACTS.tickets[0]._replace(version=3), *FACTS.tickets[1:]]
    ),
    "a ticket deleted that nobody named": lambda: FACTS._replace(
        tickets=[*FACTS.tickets[:-1], FACTS.tickets[-1]._replace(is_deleted=True, deleted_by_job=JOB_ID)]
    ),
    "one deleted before that is claimed": lambda: FACTS._replace(
        tickets=[*FACTS.tickets[:4], FACTS.tickets[4]._replace(deleted_by_job=JOB_ID), FACTS.tickets[5]]
    ),
}


@pytest.mark.parametrize("bent", BENT_FACTS.values(), ids=BENT_FACTS)
def test_facts_that_are_otherwise_are_found_out(bent: Callable[[], Facts]) -> None:
    assert wrong(facts=bent())


BENT_STORIES: dict[str, Callable[[], Story]] = {
    "another job for the same key": lambda: STORY._replace(
        replayed=STORY.replayed._replace(job=msgspec.structs.replace(JOB, id=uuid4()))
    ),
    "a replay that is not called one": lambda: STORY._replace(replayed=STORY.replayed._replace(is_replay=False)),
    "a failed item not listed": lambda: STORY._replace(failed_items=STORY.failed_items[1:]),
    "a step back": lambda: STORY._replace(events=[STORY.events[1], STORY.events[0], STORY.events[2]]),
    "two ends": lambda: STORY._replace(events=[*STORY.events, Event("jobs:completed", END | {"seq": 6})]),
    "no end": lambda: STORY._replace(events=STORY.events[:-1]),
    "an end with another count": lambda: STORY._replace(
        events=[*STORY.events[:-1], Event("jobs:completed", END | {"succeeded": 5})]
    ),
}


@pytest.mark.parametrize("bent", BENT_STORIES.values(), ids=BENT_STORIES)
def test_a_story_that_is_otherwise_is_found_out(bent: Callable[[], Story]) -> None:
    assert wrong(story=bent())


def test_a_difference_of_many_is_told_in_numbers() -> None:
    assert Check("All are there", {1, 2, 3}, {3, 4}).difference == "2 are missing, 1 do not belong"
