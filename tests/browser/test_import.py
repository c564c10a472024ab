from uuid import uuid4

import pytest
from playwright.async_api import Page, expect

from tests.browser import bulk
from tests.e2e.shared_system import SharedSystem

ROWS, FAULTY = 50_000, 100
PATIENCE_MS = 60_000  # for that many


@pytest.fixture(scope="module")
def chunk_size() -> int:
    """Take the one of production, as there are as many rows as there."""
    return 5000


def a_file(tag: str) -> bytes:
    """CSV whose every five hundredth row has a priority that there is not."""
    rows = [
        f"Imported {number},{'soon' if number % (ROWS // FAULTY) == 0 else 'high'},{tag}"
        for number in range(1, ROWS + 1)
    ]
    return "\n".join(["title,priority,tags", *rows, ""]).encode()


async def test_an_admin_imports_a_file_sees_what_is_wrong_with_it_and_undoes_it(
    shared: SharedSystem, admin: Page
) -> None:
    tag = uuid4().hex
    await admin.goto("/imports")
    file = admin.get_by_label("A file of tickets")
    await file.set_input_files({"name": "old.csv", "mimeType": "text/csv", "buffer": a_file(tag)})
    await expect(admin.get_by_text(f"{ROWS:,} rows")).to_be_visible(timeout=PATIENCE_MS)
    faults = admin.get_by_role("table", name="Faults").get_by_role("row")
    await expect(faults).to_have_count(1 + FAULTY)
    await expect(faults.nth(1)).to_contain_text("501")  # the file's first line has the names
    await expect(faults.nth(1)).to_contain_text("priority")
    preview = admin.url

    await admin.get_by_label("Why?").fill("From the old system")
    await admin.get_by_role("button", name=f"Import {ROWS - FAULTY:,} tickets").click()
    await bulk.has_state(admin, "Completed", timeout_ms=PATIENCE_MS)
    count = "select count(*) from tickets where :tag = any(tags) and deleted_at is null"
    assert await shared.rows(count, tag=tag) == [(ROWS - FAULTY,)]

    await admin.get_by_role("link", name="the file").click()
    await admin.wait_for_url(preview)
    async with admin.expect_download() as downloading:
        await admin.get_by_role("button", name=f"Download {FAULTY} as CSV").click()
    lines = (await (await downloading.value).path()).read_text().splitlines()
    assert lines[0] == "line,column,code,message"
    assert [line.split(",")[:3] for line in lines[1:3]] == [
        ["501", "priority", "invalid"],
        ["1001", "priority", "invalid"],
    ]
    assert len(lines) == 1 + FAULTY

    await admin.go_back()
    await admin.get_by_role("button", name="Undo", exact=True).click()
    await expect(admin.get_by_role("listitem").filter(has_text="This undoes")).to_be_visible()
    await bulk.has_state(admin, "Completed", timeout_ms=PATIENCE_MS)
    assert await shared.rows(count, tag=tag) == [(0,)]


async def test_columns_that_nobody_knows_are_named_by_hand(shared: SharedSystem, admin: Page) -> None:
    tag = uuid4().hex
    file = f"Betreff;id;Art\nDruckt nicht;7;{tag}\n".encode()
    await admin.goto("/imports")
    await admin.get_by_label("A file of tickets").set_input_files(
        {"name": "old.csv", "mimeType": "text/csv", "buffer": file}
    )
    await expect(admin.get_by_role("button", name="Import 0 tickets")).to_be_disabled()
    preview = admin.url
    await admin.get_by_label("Betreff").select_option("Title")
    await admin.get_by_label("Art").select_option("Tags")
    await admin.get_by_label("id", exact=True).select_option("Left out")
    await admin.get_by_role("button", name="Read the file like that").click()
    await admin.get_by_role("button", name="Import 1 ticket").wait_for()
    assert admin.url != preview
    await expect(admin.get_by_label("Betreff")).to_have_value("title")
    await admin.reload()  # which the file does not outlive
    await expect(admin.get_by_role("link", name="choose the file again")).to_be_visible()
    await admin.get_by_role("button", name="Import 1 ticket").click()
    await bulk.has_state(admin, "Completed")
    assert await shared.rows("select title, external_id from tickets where :tag = any(tags)", tag=tag) == [
        ("Druckt nicht", None)
    ]
