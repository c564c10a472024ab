from uuid import uuid4

from playwright.async_api import Page, expect

from app.inventory import ledger
from app.inventory.models import ItemKey
from tests.browser.browsers import Browsers
from tests.e2e.shared_system import SharedSystem


async def test_cables_are_received_issued_and_adjusted_and_the_ledger_tells(
    shared: SharedSystem, browsers: Browsers, admin: Page
) -> None:
    browsers.allow("(400|409) .*/api/(cable-receiving|inventory)")
    type_ = f"Cat-{uuid4().hex[:8]}"
    await admin.goto("/stock")
    await admin.get_by_role("button", name="Receive cables").click()
    dialog = admin.get_by_role("dialog", name="Receive cables")
    await expect(dialog.get_by_label("Type")).to_be_focused()
    for label, value in (("Type", type_), ("Gauge", "23AWG"), ("Length", "long"), ("Quantity", "10")):
        await dialog.get_by_label(label).fill(value)
    await dialog.get_by_role("button", name="Put into stock").click()
    await expect(dialog.get_by_label("Length")).to_have_attribute("aria-invalid", "true")
    await dialog.get_by_label("Length").fill("100")
    await dialog.get_by_role("button", name="Put into stock").click()
    await expect(admin.get_by_text(f"+10 {type_} · 23AWG · 100 ft: 10 on hand")).to_be_visible()

    _, [ticket] = await shared.tickets(1)
    async with shared.engine.begin() as connection:
        key = ItemKey(type_, "23AWG", "100 ft")
        await ledger.issue(connection, key, 4, ticket_id=ticket, actor_id=shared.people.admin.id)
    await admin.get_by_role("table", name="Stock").get_by_role("link", name=type_).click()
    await expect(admin.get_by_text("6 on hand", exact=True)).to_be_visible()

    await admin.get_by_role("button", name="Low level").click()
    await admin.get_by_label("Low with so many or fewer").fill("5")
    await admin.get_by_role("button", name="Save").click()
    await expect(admin.get_by_text("Low with 5 or fewer")).to_be_visible()
    await admin.get_by_role("button", name="Adjust").click()
    dialog = admin.get_by_role("dialog", name=f"Adjust {type_}")
    await dialog.get_by_label("How many more or fewer").fill("-7")
    await dialog.get_by_label("Why").fill("Counted")
    await dialog.get_by_role("button", name="Adjust").click()
    await expect(dialog.get_by_role("alert")).to_have_text("There are only 6 of it now.")
    await dialog.get_by_label("How many more or fewer").fill("-1")
    await dialog.get_by_role("button", name="Adjust").click()
    await expect(admin.get_by_text("5 on hand", exact=True)).to_be_visible()

    lines = admin.get_by_role("table", name="Ledger").get_by_role("row")
    await expect(lines.nth(1)).to_contain_text("Adjusted: Counted")
    await expect(lines.nth(2)).to_contain_text("Issued for a ticket")
    await expect(lines.nth(2)).to_contain_text("−4")
    await lines.nth(2).get_by_role("link", name="a ticket").click()
    await expect(admin).to_have_url(f"{shared.system.url}/tickets/{ticket}")

    await admin.goto("/stock?low=true")
    await expect(admin.get_by_role("row").filter(has_text=type_)).to_contain_text("Low")
    await admin.get_by_role("link", name="Ledger").click()
    await admin.get_by_label("What").select_option("Issued")
    await expect(admin.get_by_role("row").filter(has_text=type_)).to_have_count(1)


async def test_an_agent_sees_the_stock_and_changes_nothing(shared: SharedSystem, browsers: Browsers) -> None:
    body = {"cableType": "Cat7", "cableGauge": "23AWG", "cableLength": "3 m", "quantity": 1}
    item_id = (await shared.api.post("/api/cable-receiving", json=body)).json()["itemId"]
    page = await browsers.open("agent")
    await page.goto("/stock")
    await expect(page.get_by_role("link", name="Cat7")).to_be_visible()
    await expect(page.get_by_role("button", name="Receive")).to_be_hidden()
    await page.goto(f"/stock/{item_id}")
    await expect(page.get_by_text("1 on hand", exact=True)).to_be_visible()
    await expect(page.get_by_role("button", name="Adjust")).to_be_hidden()


async def test_an_admin_says_what_optics_can_be_asked_for(
    shared: SharedSystem, browsers: Browsers, admin: Page
) -> None:
    await shared.api.put("/api/optics-parts", json={"parts": ["SFP-1G-SX"]})
    await admin.goto("/stock")
    await admin.get_by_role("button", name="Optics").click()
    dialog = admin.get_by_role("dialog", name="Optics that can be asked for")
    parts = dialog.get_by_label("Parts")
    await expect(parts).to_have_value("SFP-1G-SX")
    await parts.fill("SFP-10G-LR\n\n QSFP-40G \nSFP-1G-SX")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_be_hidden()
    page = await browsers.open("requester")
    await page.goto("/tickets/new/optics")
    options = page.get_by_role("dialog", name="Request optics").get_by_label("Part").get_by_role("option")
    await expect(options.filter(has_text="FP")).to_have_text(["SFP-10G-LR", "QSFP-40G", "SFP-1G-SX"])
