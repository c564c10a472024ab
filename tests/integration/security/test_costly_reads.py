"""One user's large reads, and everyone else's answers meanwhile."""

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app import pools
from app.accounts.models import User
from app.costly import AT_ONCE, CostlyReads
from app.errors import NotFound, TooManyRequests
from app.history import service as histories
from app.history.queries import HistoryQuery
from app.history.service import Histories
from app.jobs import service
from app.jobs.operations.bulk_delete import BulkDelete
from app.jobs.operations.operation import Targets
from app.jobs.queries import ExportQuery, ItemQuery
from app.settings import Settings
from app.tickets.filters import TicketFilter, TicketQuery
from app.tickets.service import Tickets
from tests.support.fakes import RecordedOutbox, RecordedTicketAnnouncer
from tests.support.people import People
from tests.support.waiting import until
from tests.support.workbench import Workbench

ALL = {"type": "bulk-delete", "payload": {"filter": {}, "all": True}}


@pytest.fixture
def impatient(engine: AsyncEngine) -> CostlyReads:
    return CostlyReads(engine, patience_seconds=0.05)


@contextlib.asynccontextmanager
async def reading(reads: CostlyReads, user: User, times: int = AT_ONCE) -> AsyncIterator[contextlib.AsyncExitStack]:
    """Be in the middle of so many large reads."""
    async with contextlib.AsyncExitStack() as held:
        for _ in range(times):
            await held.enter_async_context(reads.connect(user.id))
        yield held


async def refusal(reads: CostlyReads, user: User) -> TooManyRequests:
    with pytest.raises(TooManyRequests) as refused:
        async with reads.connect(user.id):
            pass
    return refused.value


async def test_a_user_has_a_few_at_once_and_others_have_theirs(impatient: CostlyReads, people: People) -> None:
    async with reading(impatient, people.admin) as held:
        refused = await refusal(impatient, people.admin)
        assert (refused.code, refused.headers) == ("too_many_requests", {"Retry-After": "2"})
        async with reading(impatient, people.agent):
            await refusal(impatient, people.admin)
        await held.aclose()
        async with reading(impatient, people.admin):
            pass


async def test_one_that_failed_gives_its_turn_back(impatient: CostlyReads, people: People) -> None:
    for _ in range(AT_ONCE + 1):
        with pytest.raises(ZeroDivisionError):
            async with impatient.connect(people.admin.id):
                raise ZeroDivisionError


async def test_one_more_waits_for_its_turn(engine: AsyncEngine, people: People) -> None:
    reads = CostlyReads(engine)
    async with reading(reads, people.admin, AT_ONCE - 1):
        async with reads.connect(people.admin.id):
            waiting = asyncio.create_task(_connect_once(reads, people.admin))
            for _ in range(5):  # time enough for one who need not wait
                await _connect_once(reads, people.agent)
            assert not waiting.done()
        await asyncio.wait_for(waiting, 10)


async def test_what_is_begun_is_never_refused(impatient: CostlyReads, people: People) -> None:
    async with reading(impatient, people.admin):
        waiting = asyncio.create_task(_connect_once(impatient, people.admin, is_begun=True))
        await refusal(impatient, people.admin)
        assert not waiting.done()
    await asyncio.wait_for(waiting, 10)


async def _connect_once(reads: CostlyReads, user: User, **options: bool) -> None:
    async with reads.turn(user.id, **options):
        pass


async def test_nothing_is_kept_of_users_who_do_not_read(impatient: CostlyReads, people: People) -> None:
    for _ in range(10):
        async with impatient.connect(uuid4()):
            pass
    gc.collect()
    assert not impatient._turns


async def test_previews_summaries_exports_and_searches_are_costly(
    bench: Workbench, impatient: CostlyReads, people: People
) -> None:
    bench.use(msgspec.structs.replace(bench.pools, costly=impatient))
    job = await bench.submit(await bench.tickets(3))
    tickets, plain = Tickets(bench.pools, RecordedTicketAnnouncer(), RecordedOutbox()), TicketFilter(status="open")
    async with reading(impatient, people.admin):
        for read in (
            bench.intake.preview(people.admin, BulkDelete(payload=Targets(filter=plain))),
            bench.jobs.summary(people.admin, job),
            anext(bench.jobs.export(people.admin, job, ExportQuery())),
            tickets.find_page(people.admin, TicketQuery(text="printer")),
            tickets.find_page(people.admin, TicketQuery(deleted=True)),
            tickets.find_page(people.admin, TicketQuery(sort="-updated")),
            bench.jobs.items(people.admin, job, ItemQuery(number=1)),
        ):
            with pytest.raises(TooManyRequests):
                await read
        assert (await tickets.find_page(people.admin, TicketQuery(status="open")))[1] == 3
        assert (await tickets.find_page(people.admin, TicketQuery(deleted=True, sort="-updated")))[1] == 0
        assert len(await bench.items(job.id)) == 3


async def test_a_long_history_is_costly_to_those_who_may_see_it(
    bench: Workbench, impatient: CostlyReads, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(histories, "LONG", 2)
    long_id, short_id = await bench.tickets(2)
    for ticket_id, count in ((long_id, 3), (short_id, 2)):
        await edited(bench, ticket_id, count)
    read = Histories(msgspec.structs.replace(bench.pools, costly=impatient)).find_page
    for user in (people.requester, people.agent):
        assert len(await read(user, long_id, HistoryQuery())) == 3
        async with reading(impatient, user):
            with pytest.raises(TooManyRequests):
                await read(user, long_id, HistoryQuery())
            assert len(await read(user, short_id, HistoryQuery())) == 2
    async with reading(impatient, people.other_requester):
        for ticket_id in (long_id, short_id, uuid4()):  # none tells whether it is there
            with pytest.raises(NotFound):
                await read(people.other_requester, ticket_id, HistoryQuery())


async def edited(bench: Workbench, ticket_id: UUID, count: int) -> None:
    tickets = Tickets(bench.pools, RecordedTicketAnnouncer(), RecordedOutbox())
    for number in range(count):
        await tickets.change(bench.people.requester, ticket_id, {"title": f"Title {number}"}, None)


async def test_an_export_that_is_begun_takes_turns_between_its_pages(
    bench: Workbench, impatient: CostlyReads, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "EXPORT_PAGE", 2)
    bench.use(msgspec.structs.replace(bench.pools, costly=impatient))
    pages = bench.jobs.export(people.admin, await bench.submit(await bench.tickets(6)), ExportQuery())
    assert len(await anext(pages)) == 2
    async with reading(impatient, people.admin):  # it holds no turn between two pages
        following = asyncio.ensure_future(anext(pages))
        await refusal(impatient, people.admin)
        assert not following.done()
    assert len(await following) == 2
    assert [len(page) async for page in pages] == [2]


async def test_while_large_reads_hang_everyone_else_is_answered(
    admin: httpx.AsyncClient, agent: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    async with engine.begin() as blocking:
        await blocking.execute(text("lock table tickets in access exclusive mode"))
        previews = [asyncio.create_task(admin.post("/api/jobs/preview", json=ALL)) for _ in range(10)]
        await until(lambda: _are_waiting(engine, AT_ONCE))
        for client in (admin, agent):
            assert (await client.get("/api/me")).status_code == 200
            assert (await client.get("/api/jobs")).status_code == 200
    statuses = [answer.status_code for answer in await asyncio.gather(*previews)]
    assert statuses.count(200) >= AT_ONCE
    assert set(statuses) <= {200, 429}


async def _are_waiting(engine: AsyncEngine, count: int) -> bool:
    async with engine.connect() as connection:
        waiting: Any = await connection.scalar(
            text(
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
            )
        )
    return bool(waiting == count)


@pytest.mark.parametrize(("limit", "sizes"), [(3, (1, 1, 1)), (5, (2, 2, 1)), (10, (4, 4, 2)), (100, (40, 40, 20))])
async def test_all_pools_together_have_what_a_process_may_have(
    settings: Settings, limit: int, sizes: tuple[int, int, int]
) -> None:
    opened = pools.opened(msgspec.structs.replace(settings, db_pool_max=limit))
    engines = [engine.pool.size() for engine in (opened.engine, opened.costly.engine)]  # type: ignore[attr-defined]
    assert (engines[0], opened.reads._turns._value, engines[1]) == sizes
    assert sum(sizes) == limit
