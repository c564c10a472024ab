"""Random sequences of edits, comments, merges, bulk jobs and undos, with lanes at work.

Replayed, a history gives the ticket as it is, and those of all tickets the comments.
"""

import contextlib
import itertools
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from hypothesis import HealthCheck, example, given
from hypothesis import settings as budget
from hypothesis import strategies as st
from sqlalchemy import Row, select, text

from app.comments.service import Comments
from app.errors import Conflict, InvalidRequest, NotFound
from app.history.models import Change, Place
from app.history.queries import HistoryQuery
from app.history.service import Histories
from app.jobs.operations.bulk_comment import BulkComment, BulkCommentPayload
from app.jobs.operations.bulk_delete import BulkDelete
from app.jobs.operations.bulk_restore import BulkRestore
from app.jobs.operations.bulk_update import BulkUpdate, BulkUpdatePayload
from app.jobs.operations.operation import JobRequest, Targets
from app.pools import Pools
from app.relations.service import Relations
from app.settings import Settings
from app.tickets.models import tickets
from app.tickets.service import Tickets
from tests.integration.test_random_sequences import QueuedWakeUps, at_work
from tests.support.fakes import RecordedOutbox, RecordedTicketAnnouncer
from tests.support.people import People
from tests.support.workbench import Workbench

TICKETS = 4
BULK = "Bulk"
STATUSES, PRIORITIES, TAGS = ("open", "resolved", "closed"), ("low", "high"), ("a", "b")
TOLD_AS = {
    "title": "title",
    "description": "description",
    "status": "status",
    "priority": "priority",
    "assignee_id": "assigneeId",
    "tags": "tags",
    "deleted_at": "deletedAt",
    "merged_into": "mergedInto",
}
OF_OTHER_ROWS = {"comment", "mergedFrom"}

State = dict[str, Any]

fields = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["one", "two"]),
        "status": st.sampled_from(STATUSES),
        "priority": st.sampled_from(PRIORITIES),
        "assignee_id": st.sampled_from(["agent", None]),
        "tags": st.lists(st.sampled_from(TAGS), unique=True),
    },
)
updates = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(STATUSES),
        "priority": st.sampled_from(PRIORITIES),
        "assignee_id": st.sampled_from(["agent", None]),
        "add_tags": st.just(["a"]),
        "remove_tags": st.just(["b"]),
    },
).filter(bool)
one = st.integers(0, TICKETS - 1)
some = st.lists(one, min_size=1, max_size=TICKETS)
commands = st.one_of(
    st.tuples(st.just("edit"), one, fields),
    st.tuples(st.sampled_from(["delete", "restore", "comment"]), one),
    st.tuples(st.just("merge"), one, one),
    st.tuples(st.sampled_from(["edit comment", "remove comment"]), st.integers(0, 8)),
    st.tuples(st.just("bulk update"), some, updates),
    st.tuples(st.sampled_from(["bulk delete", "bulk restore", "bulk comment"]), some),
    st.tuples(st.just("undo"), st.integers(0, 8)),
    st.tuples(st.just("let them finish")),
)


class Play:
    """One sequence, of which tickets keep the history."""

    def __init__(self, bench: Workbench, ids: list[UUID], wake_ups: QueuedWakeUps) -> None:
        self.bench = bench
        self.tickets = Tickets(bench.pools, RecordedTicketAnnouncer(), RecordedOutbox())
        self.comments = Comments(bench.pools, RecordedTicketAnnouncer(), RecordedOutbox())
        self.relations = Relations(bench.pools, RecordedTicketAnnouncer(), RecordedOutbox())
        self.ids = ids
        self.wake_ups = wake_ups
        self.jobs: list[UUID] = []
        self.texts = (f"Text {number}" for number in itertools.count())
        self.written: list[str] = []

    async def do(self, name: str, *what: Any) -> None:
        with contextlib.suppress(Conflict, NotFound):
            if name == "let them finish":
                await self.wake_ups.queue.join()
            elif name == "undo":
                await self.undo(*what)
            elif name.endswith(" comment") and not name.startswith("bulk"):
                await self.change_comment(name, *what)
            elif name == "merge":
                await self.merge(*(self.ids[index] for index in what))
            elif name.startswith("bulk"):
                await self.post(name, *what)
            else:
                await self.by_hand(name, self.ids[what[0]], *what[1:])

    async def by_hand(self, name: str, ticket_id: UUID, values: State | None = None) -> None:
        user = self.bench.people.agent
        match name:
            case "edit":
                await self.tickets.change(user, ticket_id, self.named(values or {}), None)
            case "comment":
                text = next(self.texts)
                await self.comments.create(user, ticket_id, text, internal=False)
                self.written.append(text)
            case "delete":
                await self.tickets.delete(user, ticket_id)
            case _:
                await self.tickets.restore(user, ticket_id)

    async def change_comment(self, name: str, index: int) -> None:
        found = await comments_of(self.bench)
        if found:
            comment, admin = found[index % len(found)], self.bench.people.admin
            if name == "edit comment":
                await self.comments.edit(admin, comment.ticket_id, comment.id, next(self.texts))
            else:
                await self.comments.remove(admin, comment.ticket_id, comment.id)

    async def merge(self, ticket_id: UUID, into: UUID) -> None:
        with contextlib.suppress(InvalidRequest):  # into itself, or into one that is deleted
            await self.relations.merge(self.bench.people.agent, ticket_id, into)

    async def post(self, name: str, indexes: list[int], values: State | None = None) -> None:
        ids = [self.ids[index] for index in indexes]
        request: JobRequest
        match name:
            case "bulk update":
                request = BulkUpdate(payload=BulkUpdatePayload(ticket_ids=ids, **self.named(values or {})))
            case "bulk comment":
                request = BulkComment(payload=BulkCommentPayload(ticket_ids=ids, body=BULK))
            case "bulk delete":
                request = BulkDelete(payload=Targets(ticket_ids=ids))
            case _:
                request = BulkRestore(payload=Targets(ticket_ids=ids))
        self.jobs.append((await self.bench.post(request)).id)

    async def undo(self, index: int) -> None:
        if self.jobs:
            job = await self.bench.intake.undo(self.bench.caller, self.jobs[index % len(self.jobs)])
            await self.bench.intake.launch(job)
            self.jobs.append(job.id)

    def named(self, values: State) -> State:
        """Return what was drawn, with the agent's id."""
        return values | ({"assignee_id": self.bench.people.agent.id} if values.get("assignee_id") else {})


async def states_of(bench: Workbench) -> dict[UUID, State]:
    """Return all tickets, by the names and in the words that their history has."""
    async with bench.engine.connect() as connection:
        rows = (await connection.execute(select(tickets))).mappings().all()
    return {row["id"]: {told: _as_told(row[name]) for name, told in TOLD_AS.items()} for row in rows}


async def comments_of(bench: Workbench) -> Sequence[Row[Any]]:
    async with bench.engine.connect() as connection:
        return (await connection.execute(text("select id, ticket_id, body from comments order by id"))).all()


def _as_told(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


async def history_of(bench: Workbench, ticket_id: UUID, limit: int) -> list[Change]:
    """Return a history, oldest first, read in parts."""
    histories, query = Histories(bench.pools), HistoryQuery(limit=limit)
    found: list[Change] = []
    after: Place | None = None
    while True:
        part = await histories.find_page(bench.people.agent, ticket_id, query, after=after)
        found += part[:limit]
        if len(part) <= limit:
            return found[::-1]
        after = found[-1].place


def replayed(first: State, history: list[Change]) -> State:
    state = dict(first)
    for change in (change for change in history if change.field not in OF_OTHER_ROWS):
        assert state[change.field] == change.before != change.after, change
        state[change.field] = change.after
    return state


def texts_left(written: list[str], changes: list[Change]) -> set[str]:
    """Return what comments say after these changes of them; those that bulk jobs wrote come and go untold."""
    texts = set(written)
    for change in changes:
        if change.before != BULK:
            texts.remove(change.before)
        if change.after is not None:
            texts.add(change.after)
    return texts


@budget(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(commands, min_size=3, max_size=20), st.integers(1, 8))
@example(
    [("bulk delete", [0]), ("let them finish",), ("undo", 0), ("restore", 0), ("let them finish",), ("undo", 1)], 1
)
@example([("bulk update", [0, 1], {"status": "closed"}), ("edit", 0, {}), ("edit", 1, {"status": "open"})], 2)
@example([("comment", 0), ("merge", 0, 1), ("edit comment", 0), ("remove comment", 0)], 2)
@example([("bulk comment", [0]), ("let them finish",), ("merge", 0, 1), ("undo", 0), ("edit", 1, {"title": "one"})], 1)
@example([("edit", 0, {"tags": ["b", "a"]}), ("bulk update", [0], {"add_tags": ["a"]}), ("undo", 0)], 3)
async def test_replayed_from_the_first_state_it_gives_the_ticket_as_it_is(
    pools: Pools, settings: Settings, people: People, sequence: list[tuple[Any, ...]], limit: int
) -> None:
    hasty = msgspec.structs.replace(settings, chunk_size=2, max_active_jobs=1000)
    wake_ups = QueuedWakeUps()
    bench = Workbench(pools, hasty, people, wake_ups=wake_ups)
    await bench.execute("truncate jobs, job_items, tickets cascade")
    async with at_work(bench, wake_ups):
        play = Play(bench, await bench.tickets(TICKETS), wake_ups)
        first = await states_of(bench)
        for command in sequence:
            await play.do(*command)
        await play.do("let them finish")
    now = await states_of(bench)
    histories = {ticket_id: await history_of(bench, ticket_id, limit) for ticket_id in now}
    for ticket_id, history in histories.items():
        assert replayed(first[ticket_id], history) == now[ticket_id]
        merged = {change.after for change in history if change.field == "mergedFrom"}
        assert merged == {str(other) for other in now if now[other]["mergedInto"] == str(ticket_id)}
    comments = sorted(
        (change for history in histories.values() for change in history if change.field == "comment"),
        key=lambda change: change.record,
    )
    left = {row.body for row in await comments_of(bench)} - {BULK}
    assert texts_left(play.written, comments) == left
