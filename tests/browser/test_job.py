"""A job while it runs: what is seen of it, by one, by two, and by who comes back to it."""

import asyncio
import csv
import io
import json
import re
from contextlib import AsyncExitStack
from datetime import datetime
from uuid import UUID, uuid4

from playwright.async_api import Page, Route, expect

from tests.browser import bars, bulk
from tests.browser.browsers import Browsers
from tests.browser.chromium import PATIENCE_MS
from tests.browser.jobs import begun, held, refused, slow
from tests.e2e.shared_system import Json, SharedSystem
from tests.support.waiting import until

LISTEN = """
() => {
  window.heard = [];
  const listen = (changes) => {
    for (const { target } of changes) {
      const region = (target.nodeType === 1 ? target : target.parentElement)?.closest("[aria-live=polite]");
      if (region?.textContent && window.heard.at(-1) !== region.textContent) window.heard.push(region.textContent);
    }
  };
  new MutationObserver(listen).observe(document, { subtree: true, childList: true, characterData: true });
  window.since = performance.now();
}
"""
ANNOUNCE_SECONDS = 5
CONNECTED = "40"  # what Socket.IO's protocol begins its answer to a connection with

# Where a browser asks for a file to write to, this one has it already: no dialog of the system can be pressed here.
PICK = """
() => {
  window.showSaveFilePicker = async ({ suggestedName }) => {
    const folder = await navigator.storage.getDirectory();
    return (window.picked = await folder.getFileHandle(suggestedName, { create: true }));
  };
}
"""
PICKED = "async () => [window.picked.name, await (await window.picked.getFile()).text()]"


async def test_a_job_is_paused_resumed_and_canceled(shared: SharedSystem, admin: Page) -> None:
    _, ids = await shared.tickets(300)
    async with held(shared, ids[0]):
        job = await begun(shared, ids, until_processed=200)
        await admin.goto(f"/jobs/{job['id']}")
        await bulk.has_state(admin, "Running")
        await admin.get_by_role("button", name="Pause").click()
        await bulk.has_state(admin, "Paused")
        await expect(admin.get_by_role("article")).to_contain_text("by admin")
        await admin.get_by_role("button", name="Resume").click()
        await bulk.has_state(admin, "Running")
        await admin.get_by_role("button", name="Cancel").click()
        await bulk.has_state(admin, "Canceled")
    await expect(admin.get_by_role("region", name="Progress")).to_contain_text("200 deleted")
    assert (await shared.end_of(job))["succeeded"] == 200


async def test_what_became_of_the_items_is_exported(shared: SharedSystem, admin: Page) -> None:
    _, ids = await shared.tickets(3)
    deleted = [str(uuid4()), *map(str, ids)]
    job = await shared.run("bulk-delete", {"ticketIds": deleted})
    expected = [("failed", "not_found", deleted[0]), *(("succeeded", "deleted", one) for one in deleted[1:])]
    await admin.goto(f"/jobs/{job['id']}")
    await admin.evaluate(PICK)
    await admin.get_by_role("button", name="Export CSV").click()
    await expect(admin.get_by_text("The items are saved")).to_be_visible()
    name, saved = await admin.evaluate(PICKED)
    assert name == f"job-{job['id']}-items.csv"
    rows = list(csv.DictReader(io.StringIO(saved)))
    assert [(row["result"], row["code"], row["ticketId"]) for row in rows] == expected

    await admin.evaluate("window.showSaveFilePicker = undefined")  # as in Firefox and Safari
    await admin.get_by_role("tab", name="Failed").click()
    async with admin.expect_download() as downloading:
        await admin.get_by_role("button", name="Export NDJSON").click()
    download = await downloading.value
    assert download.suggested_filename == f"job-{job['id']}-items.ndjson"
    lines = [json.loads(line) for line in (await download.path()).read_text().splitlines()]
    assert [(line["result"], line["code"], line["ticketId"]) for line in lines] == expected[:1]


async def test_a_job_that_fails_in_its_middle_says_why_and_what_is_left_of_it_is_retried(
    shared: SharedSystem, admin: Page
) -> None:
    job, ids = await seen_running(shared, admin)
    async with refused(shared, "jobs", f"old.id = '{job['id']}' and old.succeeded < new.succeeded"):
        await expect(admin.get_by_role("alert")).to_contain_text("nobody had foreseen")
    await expect(admin.get_by_role("button", name="Undo")).to_be_visible()
    await shared.execute("update jobs set max_items_per_second = null where id = :id", id=job["id"])  # for the retry
    await admin.get_by_role("button", name="Retry").click()
    await expect(admin.get_by_role("listitem").filter(has_text="This retries")).to_be_visible()
    await bulk.has_state(admin, "Completed")
    assert await shared.rows("select distinct status from tickets where id = any(:ids)", ids=ids) == [("closed",)]


async def test_a_job_of_a_type_that_was_retired_fails_and_nobody_is_asked_to_retry_it(
    shared: SharedSystem, admin: Page
) -> None:
    job, _ = await seen_running(shared, admin)
    await shared.execute("update jobs set type = 'bulk-label' where id = :id", id=job["id"])
    await expect(admin.get_by_role("alert")).to_contain_text("no worker knows")
    await expect(admin.get_by_role("button", name="Undo")).to_be_visible()
    await expect(admin.get_by_role("button", name="Retry")).to_have_count(0)


async def seen_running(shared: SharedSystem, page: Page) -> tuple[Json, list[UUID]]:
    """Open a job that takes its time, in which there is time for it to fail; return it and its tickets."""
    _, ids = await shared.tickets(60)
    job = await slow(shared, ids)
    await page.goto(f"/jobs/{job['id']}")
    await bulk.has_state(page, "Running")
    return job, ids


async def test_nothing_is_drawn_of_the_throughput_before_there_is_a_line(shared: SharedSystem, admin: Page) -> None:
    _, ids = await shared.tickets(60)
    async with held(shared, ids[4]) as hold:
        job = await slow(shared, ids)

        async def stands_still() -> bool:
            return bool((await shared.job(job))["processed"] == 4)

        await until(stands_still)
        await admin.goto(f"/jobs/{job['id']}")
        region = admin.get_by_role("region", name="Throughput")
        await expect(region.get_by_text("Measuring…")).to_be_visible()
        await expect(region.locator("canvas")).to_be_hidden()
        await hold.rollback()
        await expect(region.locator("canvas")).to_be_visible()
        await expect(region.get_by_text("Measuring…")).to_be_hidden()
    await shared.api.post(f"/api/jobs/{job['id']}/cancel")
    await shared.end_of(job)


async def test_the_time_of_an_item_is_there_in_full(shared: SharedSystem, admin: Page) -> None:
    _, ids = await shared.tickets(1)
    job = await shared.run("bulk-delete", {"ticketIds": [str(ids[0])]})
    await admin.route("**/api/jobs/*/items?*", at_ten_at_night)
    await admin.goto(f"/jobs/{job['id']}")
    cell = admin.get_by_role("table", name="Items").get_by_role("cell").last
    await expect(cell).to_have_text(re.compile("10:22:22.PM"))
    assert await cell.evaluate("cell => cell.scrollWidth <= cell.clientWidth")


async def at_ten_at_night(route: Route) -> None:
    """Answer as the API does, but that all was done when a clock has the most to say."""
    answer = await route.fetch()
    page = await answer.json()
    late = datetime(2026, 11, 27, 22, 22, 22).astimezone().isoformat()  # where the browser is
    await route.fulfill(response=answer, json={**page, "items": [{**item, "at": late} for item in page["items"]]})


async def test_two_browsers_see_the_same_job_move_and_one_sees_what_the_other_does(
    shared: SharedSystem, browsers: Browsers, admin: Page
) -> None:
    other = await browsers.open("other_admin")
    _, ids = await shared.tickets(400)
    async with held(shared, ids[0]) as first, held(shared, ids[399]):
        job = await begun(shared, ids, until_processed=200)
        for page in (admin, other):
            await page.goto(f"/jobs/{job['id']}")
            await expect(bulk.bar(page)).to_have_attribute("aria-valuenow", "200")
            await bars.record(page)
        await first.rollback()
        for page in (admin, other):
            await expect(bulk.bar(page)).to_have_attribute("aria-valuenow", "300")
        await other.get_by_role("button", name="Pause").click()
        await bulk.has_state(admin, "Paused")
        await expect(admin.get_by_role("article")).to_contain_text("by other_admin")
        await admin.get_by_role("button", name="Resume").click()
        await bulk.has_state(other, "Running")
    for page in (admin, other):
        await bulk.has_state(page, "Completed")
        assert await bars.recorded(page) == [200, 300, 400]


async def test_a_tab_that_was_closed_and_comes_back_in_mid_job_shows_it_where_it_is(
    shared: SharedSystem, admin: Page
) -> None:
    _, ids = await shared.tickets(300)
    async with held(shared, ids[0]) as first, held(shared, ids[299]):
        job = await begun(shared, ids, until_processed=100)
        await admin.goto(f"/jobs/{job['id']}")
        await expect(bulk.bar(admin)).to_have_attribute("aria-valuenow", "100")
        await admin.close()
        await first.rollback()
        again = await admin.context.new_page()
        await again.goto(f"/jobs/{job['id']}")
        await bars.record(again)
        await expect(bulk.bar(again)).to_have_attribute("aria-valuenow", "200")
        await expect(again).to_have_title("66 % · Delete 300 · Bulkhead")
    await bulk.has_state(again, "Completed")
    seen = await bars.recorded(again)
    assert seen == sorted(seen)


async def test_a_job_that_is_posted_elsewhere_waits_to_be_shown_and_no_row_moves(
    shared: SharedSystem, admin: Page
) -> None:
    _, ids = await shared.tickets(2)
    async with held(shared, *ids):
        await shared.post("bulk-delete", {"ticketIds": [str(ids[0])]})
        await opened_live(admin, "/account")  # once a socket is connected, a list that is there is read again
        await admin.get_by_role("link", name="Jobs").click()
        rows = admin.get_by_role("table", name="Jobs").get_by_role("row")
        await expect(rows).to_have_count(2)
        await shared.post("bulk-delete", {"ticketIds": [str(ids[1])]})
        await expect(admin.get_by_role("link", name="Jobs")).to_contain_text("2")
        await expect(rows).to_have_count(2)
        await admin.get_by_role("button", name="1 new job").click()
        await expect(rows).to_have_count(3)


async def opened_live(page: Page, address: str) -> None:
    """Open a screen, and wait until its socket is connected."""
    is_connected = asyncio.Event()

    def hear(frame: str | bytes) -> None:
        if str(frame).startswith(CONNECTED):
            is_connected.set()

    page.once("websocket", lambda socket: socket.on("framereceived", hear))
    await page.goto(address)
    async with asyncio.timeout(PATIENCE_MS / 1000):
        await is_connected.wait()


async def test_a_screen_reader_is_told_of_the_progress_every_five_seconds_at_most(
    shared: SharedSystem, admin: Page
) -> None:
    _, ids = await shared.tickets(1000)
    async with AsyncExitStack() as stack:
        holds = [await stack.enter_async_context(held(shared, ids[number])) for number in range(0, 1000, 100)]
        job = await begun(shared, ids, until_processed=0)
        await admin.goto(f"/jobs/{job['id']}")
        await bulk.has_state(admin, "Running")
        await admin.evaluate(LISTEN)
        for number, hold in enumerate(holds, start=1):
            await hold.rollback()
            await expect(bulk.bar(admin)).to_have_attribute("aria-valuenow", str(number * 100))
    await bulk.has_state(admin, "Completed")
    heard, seconds = await admin.evaluate("[window.heard, (performance.now() - window.since) / 1000]")
    progress = [words for words in heard if words.startswith("Running")]
    assert len(progress) <= seconds / ANNOUNCE_SECONDS + 1, progress
    assert heard[-1] == "Completed, 100 %, 1,000 of 1,000"
