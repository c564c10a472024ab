"""Pages that may begin a session where no FRONTEND_URL is set; with one: tests/integration/security."""

import pytest
from litestar.testing import RequestFactory

from app.sessions.errors import ForeignPage
from app.sessions.pages import Pages


def asked(**headers: str) -> None:
    request = RequestFactory().post("/api/session", headers={name.replace("_", "-"): headers[name] for name in headers})
    Pages(None).require_own(request)


def test_who_names_no_origin_is_refused_if_the_browser_says_that_it_is_another_site() -> None:
    with pytest.raises(ForeignPage):
        asked(sec_fetch_site="cross-site")


def test_pages_of_this_host_and_programs_may() -> None:
    asked(sec_fetch_site="same-origin")
    asked(origin="http://desk.example:3001", host="desk.example:3001")
    asked()
