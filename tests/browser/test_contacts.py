from uuid import uuid4

from playwright.async_api import Page, expect

from tests.browser.browsers import Browsers
from tests.e2e.shared_system import SharedSystem


async def test_an_admin_creates_edits_and_merges_contacts(
    shared: SharedSystem, browsers: Browsers, admin: Page
) -> None:
    browsers.allow("409 .*/api/contacts/")
    firm = uuid4().hex
    await admin.goto(f"/contacts?text={firm}")
    for name in ("Grace", "Grace H."):
        await admin.get_by_role("button", name="New contact").click()
        dialog = admin.get_by_role("dialog", name="New contact")
        await dialog.get_by_label("Name").fill(name)
        await dialog.get_by_label("Organization").fill(firm)
        await dialog.get_by_role("button", name="Create contact").click()
        await expect(dialog).to_be_hidden()
    table = admin.get_by_role("table", name="Contacts")
    await expect(table.get_by_role("link")).to_have_text(["Grace", "Grace H."])

    await table.get_by_role("link", name="Grace H.").click()
    dialog = admin.get_by_role("dialog", name="Grace H.")
    await dialog.get_by_label("E-mail").fill(f"{firm}@example.com")
    await dialog.get_by_role("button", name="Save").click()
    await expect(table).to_contain_text(f"{firm}@example.com")

    tag, [ticket] = await shared.tickets(1)
    merged = "(select id from contacts where organization = :firm and name = 'Grace H.')"
    await shared.execute(f"update tickets set contact_id = {merged} where id = :id", firm=firm, id=ticket)
    await table.get_by_role("link", name="Grace H.").click()
    await dialog.get_by_role("button", name="Delete").click()
    await admin.get_by_role("dialog", name="Delete Grace H.").get_by_role("button", name="Delete contact").click()
    refusal = admin.get_by_role("dialog", name="Grace H. has tickets")
    await expect(refusal).to_contain_text("1 ticket of Grace H.")
    await refusal.get_by_role("button", name="Merge").click()
    merging = admin.get_by_role("dialog", name="Merge Grace H. into another contact")
    await merging.get_by_placeholder("Name, e-mail or organization").fill(firm)
    await admin.get_by_role("option", name=f"Grace · {firm}").click()
    await merging.get_by_role("button", name="Merge contacts").click()
    await expect(table.get_by_role("link")).to_have_text(["Grace"])
    await expect(table).to_contain_text(f"{firm}@example.com")

    await table.get_by_role("link", name="Grace").click()
    await admin.get_by_role("link", name="Tickets of this contact").click()
    await expect(admin.get_by_role("button", name="Contact: Grace")).to_be_visible()
    await admin.get_by_role("table", name="Tickets").get_by_role("link").click()
    await expect(admin.get_by_role("definition").get_by_role("link", name="Grace")).to_be_visible()
    assert await shared.rows("select count(*) from tickets where :tag = any(tags)", tag=tag) == [(1,)]


async def test_a_ticket_is_for_a_new_contact_and_then_for_another_one(
    shared: SharedSystem, browsers: Browsers, admin: Page
) -> None:
    browsers.allow("400 .*/api/tickets")
    name = uuid4().hex
    await shared.api.post("/api/contacts", json={"name": f"Other {name}"})
    await admin.goto("/tickets/new")
    dialog = admin.get_by_role("dialog", name="New ticket")
    await dialog.get_by_label("Title").fill("It is broken")
    await dialog.get_by_role("button", name="New contact").click()
    await dialog.get_by_label("Contact’s name").fill(name)
    await dialog.get_by_role("button", name="Create ticket").click()
    await expect(dialog.get_by_label("Contact’s e-mail")).to_have_attribute("aria-invalid", "true")
    await dialog.get_by_label("Contact’s e-mail").fill(f"{name}@example.com")
    await dialog.get_by_role("button", name="Create ticket").click()
    await admin.get_by_role("button", name="Open", exact=True).click()
    contact = admin.get_by_role("definition").get_by_role("link", name=name)
    await expect(contact).to_have_text(name)

    await admin.get_by_role("button", name="Edit", exact=True).click()
    form = admin.get_by_role("form", name="Edit #")
    await expect(form.get_by_role("combobox", name="Contact")).to_have_value(f"{name} · {name}@example.com")
    await form.get_by_role("combobox", name="Contact").fill(f"Other {name}")
    await admin.get_by_role("option", name=f"Other {name}").click()
    await form.get_by_role("button", name="Save").click()
    await expect(contact).to_have_text(f"Other {name}")
