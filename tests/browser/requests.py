"""Requests that wait for approval, and the links that are sent of them."""

from uuid import UUID

from app.accounts.models import User
from app.approvals import store
from tests.e2e.shared_system import Json, SharedSystem
from tests.support.http import http_client
from tests.support.people import PASSWORD

FIELDS = {"cableType": "Cat6", "cableGauge": "23AWG", "cableLength": "100 ft", "quantity": 2, "location": "Room 4"}


async def a_request(shared: SharedSystem, **values: object) -> Json:
    """Let the requester ask the agent for cable."""
    async with http_client(shared.system.url) as api:
        login = await api.post("/api/login", json={"username": "requester", "password": PASSWORD})
        headers = {"Authorization": f"Bearer {login.json()['access_token']}"}
        body = {"type": "cable", "assigneeId": str(shared.people.agent.id), "fields": FIELDS, **values}
        answer = await api.post("/api/tickets", json=body, headers=headers)
        answer.raise_for_status()
        ticket: Json = answer.json()
        return ticket


async def a_link(shared: SharedSystem, ticket_id: str, verb: str = "approve", *, user: User | None = None) -> str:
    """Return the path that the agent, or another one, is sent."""
    async with shared.engine.begin() as connection:
        issued = await store.issue(connection, UUID(ticket_id), (user or shared.people.agent).id)
    return f"/tickets/{ticket_id}/{verb}/{issued.token}"
