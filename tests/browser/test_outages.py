"""What is seen of a job while something under it is away. The servers are this file's own."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from signal import SIGKILL

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser import bars, bulk
from tests.browser.browsers import Browsers
from tests.browser.jobs import begun, held
from tests.chaos.play import a_local_dir
from tests.chaos.servers import Server, Servers
from tests.e2e import shared_system
from tests.e2e.shared_system import SharedSystem
from tests.support import prepared
from tests.support.servers import settings_for
from tests.support.waiting import until

CUT_OFF = (r"WebSocket connection to", r"net::ERR_", r"50[03] ")


@pytest.fixture(scope="module")
async def own_servers() -> AsyncIterator[Servers]:
    with a_local_dir() as local_dir:
        await asyncio.to_thread(prepared.copy_to, local_dir)
        async with Servers(local_dir) as servers:
            yield servers


@pytest.fixture(scope="module")
async def shared(
    browser: Browser, own_servers: Servers, password_hash: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[SharedSystem]:
    settings = settings_for(own_servers.database_url, own_servers.redis_url)
    async with shared_system.opened(settings, password_hash, tmp_path_factory.mktemp("shared")) as opened:
        yield opened


@contextlib.asynccontextmanager
async def away(server: Server) -> AsyncIterator[None]:
    await asyncio.to_thread(server.end, SIGKILL)
    try:
        yield
    finally:
        await server.start()


async def test_the_api_is_killed_in_mid_job_and_once_it_is_back_the_job_is_seen_to_move_on_and_never_back(
    shared: SharedSystem, browsers: Browsers, admin: Page
) -> None:
    browsers.allow(*CUT_OFF)
    _, ids = await shared.tickets(2000)
    sign = admin.get_by_role("status")
    job = await shared.post("bulk-delete", {"ticketIds": [str(one) for one in ids]}, maxItemsPerSecond=40)
    await admin.goto(f"/jobs/{job['id']}")
    await bulk.has_state(admin, "Running")
    await bars.record(admin)
    await moves(admin)
    shared.api_process.send_signal(SIGKILL)
    await expect(sign.filter(has_text="reconnecting, last seen")).to_be_visible()
    before = (await bars.recorded(admin))[-1]
    shared.api_process = await shared.system.start_api()
    await expect(sign.filter(has_text="live")).to_be_visible()
    await moves(admin)
    after = (await bars.recorded(admin))[-1]
    await admin.get_by_role("button", name="Cancel").click()
    await bulk.has_state(admin, "Canceled")
    seen = await bars.recorded(admin)
    assert before < after < len(ids)
    assert seen == sorted(seen)


async def moves(page: Page, steps: int = 3) -> None:
    """Wait until the bar has moved on so many times."""
    shown = len(await bars.recorded(page))

    async def has_moved() -> bool:
        return len(await bars.recorded(page)) >= shown + steps

    await until(has_moved)


async def test_without_redis_a_job_is_seen_to_move_and_to_end(
    shared: SharedSystem, own_servers: Servers, browsers: Browsers, admin: Page
) -> None:
    browsers.allow("503 .*/api/")  # Postgres may have come back only now, after another test
    _, ids = await shared.tickets(600)
    bar = bulk.bar(admin)
    async with held(shared, ids[0]) as first, held(shared, ids[-1]) as last:
        job = await begun(shared, ids, until_processed=400)
        await admin.goto(f"/jobs/{job['id']}")
        await expect(bar).to_have_attribute("aria-valuenow", "400")
        await bars.record(admin)
        async with away(own_servers.redis):
            await first.rollback()
            await expect(bar).to_have_attribute("aria-valuenow", "500")
            await last.rollback()
            await expect(bar).to_have_attribute("aria-valuenow", "600")
            await bulk.has_state(admin, "Completed")
    assert await bars.recorded(admin) == [400, 500, 600]


async def test_without_postgres_a_read_says_when_it_tries_again_and_does_so(
    shared: SharedSystem, own_servers: Servers, browsers: Browsers, admin: Page
) -> None:
    browsers.allow(*CUT_OFF)
    await admin.goto("/tickets")
    await expect(admin.get_by_role("heading", name="Tickets", exact=True)).to_be_visible()
    async with away(own_servers.postgres):
        await shared.engine.dispose()
        await admin.get_by_role("link", name="Jobs").click()
        await expect(admin.get_by_text("Trying again in")).to_be_visible()
    await expect(admin.get_by_role("tabpanel").get_by_role("heading").or_(admin.get_by_role("table"))).to_be_visible()
    await expect(admin.get_by_text("Trying again in")).to_be_hidden()
