"""Who may begin a session, and from which pages."""

import httpx
import pytest

from app.accounts.limiter import ATTEMPTS
from app.settings import Settings
from tests.support.browsers import audited, cookie_of, is_over, log_in, refresh, stored
from tests.support.people import PASSWORD
from tests.support.workbench import Workbench

FOREIGN = ("https://evil.example", "null", "http://localhost", "file://", "")


async def test_it_is_refused_and_limited_as_the_other_login_is(stranger: httpx.AsyncClient, bench: Workbench) -> None:
    answers = [await log_in(stranger, password="wrong") for _ in range(ATTEMPTS)]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(401, "wrong_credentials")}
    assert all("set-cookie" not in answer.headers for answer in answers)
    limited = await log_in(stranger)
    assert (limited.status_code, limited.json()["code"]) == (429, "too_many_attempts")
    other = await stranger.post("/api/login", json={"username": "agent", "password": PASSWORD})
    assert other.status_code == 429
    assert [row[:3] for row in await audited(bench)] == [("login.failed", None, bench.people.agent.id)] * ATTEMPTS
    assert await stored(bench) == []


@pytest.mark.parametrize("origin", FOREIGN)
async def test_the_page_of_another_site_neither_begins_a_session_nor_refreshes_one(
    stranger: httpx.AsyncClient, bench: Workbench, origin: str
) -> None:
    token = cookie_of(await log_in(stranger)).value
    for answer in (await log_in(stranger, origin=origin), await refresh(stranger, token, origin=origin)):
        assert (answer.status_code, answer.json()["code"]) == (403, "foreign_page")
        assert "set-cookie" not in answer.headers
    assert len(await stored(bench)) == 1
    assert not is_over(await refresh(stranger, token))


@pytest.mark.parametrize("site", ["cross-site", "same-site", "anything"])
async def test_what_the_browser_says_of_the_site_counts_more_than_the_host(
    stranger: httpx.AsyncClient, site: str
) -> None:
    own = str(stranger.base_url)
    refused = await log_in(stranger, origin=own, sec_fetch_site=site)
    assert refused.json()["code"] == "foreign_page"


async def test_our_own_pages_begin_and_refresh_sessions(stranger: httpx.AsyncClient, settings: Settings) -> None:
    for headers in (
        {"origin": str(stranger.base_url)},
        {"origin": settings.frontend_url},
        {"origin": settings.frontend_url, "sec_fetch_site": "cross-site"},
        {"origin": "https://a-proxy-says.example", "sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "none"},
    ):
        answer = await log_in(stranger, **headers)
        assert answer.status_code == 200, headers
        assert (await refresh(stranger, cookie_of(answer).value, **headers)).status_code == 200, headers
