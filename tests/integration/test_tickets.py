import httpx

from tests.people import People


async def test_a_new_ticket_can_be_read_back(requester: httpx.AsyncClient, people: People) -> None:
    created = await requester.post("/api/tickets", json={"title": "Printer on fire", "priority": "urgent"})
    assert created.status_code == 201
    ticket = created.json()
    assert ticket["requesterId"] == str(people.requester.id)
    assert (ticket["status"], ticket["version"], ticket["description"]) == ("open", 1, "")
    read = await requester.get(created.headers["location"])
    assert read.json() == ticket
    assert read.headers["etag"] == '"1"'
