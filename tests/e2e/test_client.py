"""The Python client against a real API: what it does, and that it loses nothing when the API is killed under it."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts import tokens
from app.client import AsyncClient, Client, JobRequest, Refused, Unreachable, Update, sockets, watching
from app.settings import Settings
from tests.e2e.shared_system import SharedSystem
from tests.support import ledger
from tests.support.people import PASSWORD, People, add_tickets
from tests.support.programs import Process
from tests.support.system import System
from tests.support.waiting import until


@pytest.fixture
async def client(shared: SharedSystem) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(shared.system.url, username="admin", password=PASSWORD) as opened:
        yield opened


@pytest.fixture
async def three(shared: SharedSystem) -> list[UUID]:
    return (await shared.tickets(3))[1]


def deletion(ids: list[UUID], **fields: int) -> JobRequest:
    return JobRequest(type="bulk-delete", payload={"ticketIds": ids}, max_items_per_second=fields.get("a_second"))


def names_in(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def kill(process: Process) -> None:
    process.kill()
    process.wait()


def assert_whole(updates: list[Update]) -> None:
    """Each newer than the one before, and one end, which is the last."""
    seqs = [update.seq for update in updates]
    assert seqs == sorted(set(seqs))
    assert [update.has_ended for update in updates] == [False] * (len(updates) - 1) + [True]


async def test_a_watch_goes_on_where_the_api_was_killed_and_came_back(
    system: System, settings: Settings, people: People, engine: AsyncEngine
) -> None:
    ids = await add_tickets(engine, people.requester, 3000)
    token = tokens.issue(people.admin.id, settings.jwt_secret, 600)
    api = await system.start_api()
    system.start_worker()
    updates: list[Update] = []
    done = killed_at = 0
    async with AsyncClient(system.url, token=token) as client:
        job = (await client.submit(deletion(ids, a_second=100))).job  # so slow that it outlives all that happens here
        async with aclosing(client.watch(job.id)) as watched:
            async for update in watched:
                updates.append(update)
                if update.processed and not killed_at:
                    await asyncio.to_thread(kill, api)
                    done, killed_at = update.processed, len(updates)
                    # Nobody is told of that.
                    await until(lambda: has_done_more(engine, job.id, done))  # noqa: B023 - awaited here
                    await system.start_api()
                elif killed_at and len(updates) == killed_at + 1:
                    await client.cancel(job.id)
    assert_whole(updates)
    assert updates[killed_at].processed > done > 0
    assert updates[-1].status == "canceled"
    assert updates[-1].succeeded == (await ledger.of(engine, job.id)).succeeded
    assert (await ledger.of(engine, job.id)).balances()


async def has_done_more(engine: AsyncEngine, job_id: UUID, than: int) -> bool:
    return (await ledger.of(engine, job_id)).succeeded > than


async def test_a_watch_tells_once_of_the_end_that_came_while_the_api_was_dead(
    system: System, settings: Settings, people: People, engine: AsyncEngine
) -> None:
    ids = await add_tickets(engine, people.requester, 300)
    token = tokens.issue(people.admin.id, settings.jwt_secret, 600)
    api = await system.start_api()
    updates: list[Update] = []
    async with AsyncClient(system.url, token=token) as client:
        job = (await client.submit(deletion(ids))).job
        async with aclosing(client.watch(job.id)) as watched:
            async for update in watched:
                updates.append(update)
                if len(updates) == 1:
                    await asyncio.to_thread(kill, api)
                    system.start_worker()
                    await until(lambda: has_ended(engine, job.id), seconds=30)
                    await system.start_api()
    assert_whole(updates)
    assert [update.status for update in updates] == ["queued", "completed"]


async def has_ended(engine: AsyncEngine, job_id: UUID) -> bool:
    return (await ledger.of(engine, job_id)).status == "completed"


async def test_who_has_patience_posts_before_the_api_is_up(system: System, people: People, engine: AsyncEngine) -> None:
    ids = await add_tickets(engine, people.requester, 3)
    async with AsyncClient(system.url, username="admin", password=PASSWORD) as client:
        with pytest.raises(Unreachable, match=system.url):
            await client.me(patience_seconds=0)
        posting = asyncio.create_task(client.submit(deletion(ids)))
        await system.start_api()
        submitted = await posting
        assert (submitted.job.total, submitted.is_replay) == (3, False)


async def test_a_job_is_previewed_posted_watched_read_and_undone(shared: SharedSystem, client: AsyncClient) -> None:
    _, ids = await shared.tickets(250)
    request = JobRequest(type="bulk-delete", payload={"ticketIds": [*ids, uuid4()]}, reason="Spam")
    preview = await client.preview(request)
    assert (preview.total, preview.would_fail) == (251, {"not_found": 1})
    job = (await client.submit(request)).job
    async with aclosing(client.watch(job.id)) as watched:
        assert_whole([update async for update in watched])
    ended = await client.job(job.id)
    assert (ended.status, ended.succeeded, ended.failed, ended.reason) == ("completed", 250, 1, "Spam")
    assert (await client.summary(job.id)).failed == 1
    assert [item.position async for item in client.items(job.id)] == list(range(251))  # of three pages
    assert [item.code async for item in client.items(job.id, result="failed")] == ["not_found"]
    undone = await client.wait((await client.undo(job.id)).id)
    assert (undone.type, undone.succeeded, undone.parent_job_id) == ("bulk-undo", 250, job.id)


async def test_the_same_key_makes_one_job_and_no_key_makes_another(client: AsyncClient, three: list[UUID]) -> None:
    key = uuid4().hex
    first, again = await client.submit(deletion(three), key=key), await client.submit(deletion(three), key=key)
    assert (again.job.id, first.is_replay, again.is_replay) == (first.job.id, False, True)
    other = await client.submit(deletion(three))
    assert other.job.id != first.job.id


async def test_several_jobs_are_watched_at_once(shared: SharedSystem, client: AsyncClient) -> None:
    jobs = [(await client.submit(deletion((await shared.tickets(150))[1]))).job.id for _ in range(3)]
    async with aclosing(client.watch(*jobs)) as watched:
        updates = [update async for update in watched]
    for job_id in jobs:
        assert_whole([update for update in updates if update.job_id == job_id])


async def test_jobs_are_steered(shared: SharedSystem, client: AsyncClient) -> None:
    job = (await client.submit(deletion((await shared.tickets(300))[1], a_second=20))).job
    async with aclosing(client.watch(job.id)) as watched:
        async for update in watched:
            if update.status == "running":
                break
    assert (await client.pause(job.id)).status == "paused"
    with pytest.raises(Refused) as refused:
        await client.pause(job.id)
    assert (refused.value.code, refused.value.body["state"]) == ("job_not_pausable", "paused")
    assert (await client.resume(job.id)).status == "running"
    assert (await client.cancel(job.id)).status == "canceled"
    again = await client.retry(job.id)
    assert (again.parent_job_id, (await client.cancel(again.id)).status) == (job.id, "canceled")
    assert again.id in {found.id async for found in client.jobs(status=["canceled"], type="bulk-delete")}


async def test_what_a_job_did_is_exported_to_a_file_or_a_table(
    client: AsyncClient, three: list[UUID], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = (await client.submit(deletion(three))).job
    await client.wait(job.id)
    lines = (await client.export(job.id, tmp_path / "items.csv")).read_text().splitlines()
    assert (len(lines), lines[0].split(",")[:2]) == (4, ["position", "ticketId"])
    assert len((await client.export(job.id, tmp_path / "items.ndjson")).read_text().splitlines()) == 3
    with pytest.raises(ValueError, match="say which format"):
        await client.export(job.id, tmp_path / "items.xlsx")
    with pytest.raises(Refused):
        await client.export(uuid4(), tmp_path / "none.csv")
    assert names_in(tmp_path) == {"items.csv", "items.ndjson"}
    monkeypatch.setitem(sys.modules, "pandas", SimpleNamespace(DataFrame=lambda rows, columns: (list(rows), columns)))
    rows, columns = await client.dataframe(job.id)
    assert [dict(zip(columns, row, strict=True))["ticket_id"] for row in rows] == three


async def test_who_is_not_there_or_not_let_in_is_told_so(shared: SharedSystem, client: AsyncClient) -> None:
    with pytest.raises(Refused) as refused:
        async with aclosing(client.watch(uuid4())) as watched:
            await anext(watched)
    assert (refused.value.status, refused.value.code) == (404, "not_found")
    async with AsyncClient(shared.system.url, token="no token") as stranger:
        with pytest.raises(Refused, match="valid bearer token"):
            await stranger.me()


async def test_a_token_that_has_expired_is_replaced_in_mid_watch(shared: SharedSystem) -> None:
    """Its socket is closed then, and the next one opened with the next token."""
    issued: list[str] = []

    def token() -> str:
        issued.append(tokens.issue(shared.people.admin.id, shared.system.environ["JWT_SECRET"], 60 if issued else 1))
        return issued[-1]

    async with AsyncClient(shared.system.url, token=token) as client:
        job = (await client.submit(deletion((await shared.tickets(300))[1], a_second=100))).job
        async with aclosing(client.watch(job.id)) as watched:
            assert_whole([update async for update in watched])
    assert len(issued) > 1


async def test_the_sync_client_does_the_same_without_an_event_loop(shared: SharedSystem, three: list[UUID]) -> None:
    await asyncio.to_thread(work_without_an_event_loop, shared.system.url, three)


def work_without_an_event_loop(url: str, three: list[UUID]) -> None:
    with Client(url, username="admin", password=PASSWORD) as client:
        assert client.me().role == "admin"
        job = client.submit(deletion(three)).job
        assert_whole(list(client.watch(job.id)))
        assert [item.code for item in client.items(job.id)] == ["deleted"] * 3
        for _ in client.items(job.id):
            break  # leaves nothing open
        with pytest.raises(Refused):
            client.job(uuid4())


async def test_where_no_socket_can_be_had_the_api_is_asked_instead(
    client: AsyncClient, three: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(*_: object) -> AsyncIterator[Update]:
        raise sockets.Lost
        yield

    monkeypatch.setattr(sockets, "hear", lost)
    monkeypatch.setattr(watching, "POLL_SECONDS", 0.02)
    job = (await client.submit(deletion(three))).job
    async with aclosing(client.watch(job.id)) as watched:
        assert_whole([update async for update in watched])
