"""Views by what requesters know nothing of: they neither use nor save any."""

from typing import Any

import httpx
import pytest

from tests.integration.test_views import counts, names, saved

STAFF_FILTERS: list[Any] = [
    {"contactId": "01980000-0000-7000-8000-000000000001"},
    {"contactId": ["01980000-0000-7000-8000-000000000001"], "status": "open"},
    {"deleted": True},
]


@pytest.mark.parametrize("filter_", STAFF_FILTERS)
async def test_requesters_learn_nothing_of_contacts_and_deleted_tickets_by_a_view_that_is_shared(
    agent: httpx.AsyncClient, requester: httpx.AsyncClient, filter_: dict[str, Any]
) -> None:
    view = await saved(agent, filter=filter_, sharedWith=["requester", "agent"])
    assert view["filter"] == filter_
    assert await counts(agent, view["id"]) == {view["id"]: (0, False)}
    assert await counts(requester, view["id"]) == {}
    assert (await requester.get(f"/api/views/{view['id']}")).status_code == 404
    assert await names(requester) == []
    listed = await requester.get("/api/tickets", params={"view": view["id"]})
    assert (listed.status_code, listed.json()["code"]) == (400, "invalid_request")


@pytest.mark.parametrize("filter_", STAFF_FILTERS)
async def test_requesters_save_no_view_by_contact_or_of_deleted_tickets(
    requester: httpx.AsyncClient, filter_: dict[str, Any]
) -> None:
    own = await saved(requester, filter={"deleted": False})
    for refused in (
        await requester.post("/api/views", json={"name": "Theirs", "filter": filter_}),
        await requester.patch(f"/api/views/{own['id']}", json={"filter": filter_}),
    ):
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert await names(requester) == ["Spam"]
