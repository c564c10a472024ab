"""What a link in a message leads to, where nobody is signed in."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.browser.browsers import NARROW, Browsers
from tests.browser.requests import a_link, a_request
from tests.e2e.shared_system import Json, SharedSystem


@pytest.fixture
async def asked(shared: SharedSystem) -> Json:
    return await a_request(shared)


@pytest.fixture
async def phone(browsers: Browsers) -> Page:
    return await browsers.open(width=NARROW)


async def status_of(shared: SharedSystem, ticket: Json) -> str:
    [(status,)] = await shared.rows("select status from tickets where id = :id", id=ticket["id"])
    return str(status)


async def test_a_link_shows_what_is_asked_for_and_only_the_button_decides(
    shared: SharedSystem, phone: Page, asked: Json
) -> None:
    await phone.goto(await a_link(shared, asked["id"]))
    request = phone.get_by_role("region", name="Request")
    await expect(request.get_by_role("heading", name=asked["title"])).to_be_visible()
    await expect(request.get_by_role("term")).to_have_text(
        ["Cable type", "Cable gauge", "Cable length", "Quantity", "Location"]
    )
    await expect(request).to_contain_text("requester asked")
    assert await status_of(shared, asked) == "pending_approval"
    await phone.get_by_role("button", name="Approve", exact=True).click()
    await expect(phone.get_by_role("heading", name="You have approved this request")).to_be_visible()
    assert await status_of(shared, asked) == "approved"


async def test_a_link_to_reject_asks_why_and_whoever_asked_reads_it(
    shared: SharedSystem, phone: Page, browsers: Browsers, asked: Json
) -> None:
    await phone.goto(await a_link(shared, asked["id"], "reject"))
    why = phone.get_by_role("textbox", name="Why?")
    await expect(why).to_be_focused()
    await phone.get_by_role("button", name="Reject", exact=True).click()
    assert await status_of(shared, asked) == "pending_approval"  # without a reason nothing is sent
    await why.fill("There is none left")
    await phone.get_by_role("button", name="Reject", exact=True).click()
    await expect(phone.get_by_role("heading", name="You have rejected this request")).to_be_visible()
    theirs = await browsers.open("requester")
    await theirs.goto(f"/tickets/{asked['id']}")
    await theirs.get_by_role("tab", name="History").click()
    await expect(theirs.get_by_role("region", name="History")).to_contain_text("There is none left")


async def test_who_was_sent_one_link_may_do_the_other_thing(shared: SharedSystem, phone: Page, asked: Json) -> None:
    await phone.goto(await a_link(shared, asked["id"], "reject"))
    await phone.get_by_role("button", name="Approve instead").click()
    await phone.get_by_role("button", name="Approve", exact=True).click()
    await expect(phone.get_by_role("heading", name="You have approved this request")).to_be_visible()


async def test_the_token_is_in_no_address_nor_title_and_the_page_can_be_loaded_anew(
    shared: SharedSystem, phone: Page, asked: Json
) -> None:
    link = await a_link(shared, asked["id"])
    await phone.goto(link)
    await expect(phone.get_by_role("button", name="Approve", exact=True)).to_be_visible()
    assert phone.url == f"{shared.system.url}/tickets/{asked['id']}/approve"
    await expect(phone).to_have_title("Request · Bulkhead")
    await phone.reload()
    await expect(phone.get_by_role("button", name="Approve", exact=True)).to_be_visible()
    token = link.rsplit("/", 1)[-1]
    assert token not in shared.system.log(shared.api_process)


@pytest.mark.parametrize(
    ("spoil", "shows"),
    [
        ("update tickets set status = 'approved' where id = :id", "There is nothing left to decide"),
        ("update approval_tokens set expires_at = now() where ticket_id = :id", "This link has expired"),
        ("delete from approval_tokens where ticket_id = :id", "This link leads nowhere"),
    ],
)
async def test_a_link_of_no_use_says_why(
    shared: SharedSystem, phone: Page, browsers: Browsers, asked: Json, spoil: str, shows: str
) -> None:
    browsers.allow("4(04|10) .*/api/approvals/")
    link = await a_link(shared, asked["id"])
    await shared.execute(spoil, id=asked["id"])
    await phone.goto(link)
    await expect(phone.get_by_role("heading", name=shows)).to_be_visible()
    await expect(phone.get_by_role("button")).to_have_count(0)


async def test_what_another_one_decided_meanwhile_is_said(
    shared: SharedSystem, phone: Page, browsers: Browsers, asked: Json
) -> None:
    browsers.allow(r"410 .*/api/tickets/")
    await phone.goto(await a_link(shared, asked["id"]))
    await phone.get_by_role("button", name="Approve", exact=True).wait_for()
    await shared.execute("update tickets set status = 'rejected' where id = :id", id=asked["id"])
    await phone.get_by_role("button", name="Approve", exact=True).click()
    await expect(phone.get_by_role("heading", name="There is nothing left to decide")).to_be_visible()
    await phone.get_by_role("link", name="See the request in Bulkhead").click()
    await expect(phone).to_have_title(re.compile("Sign in"))
