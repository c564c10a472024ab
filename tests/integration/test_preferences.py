"""What people choose to be told of, and how."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from app.comments.service import Comments
from app.notifications.models import Letter, Preferences
from app.notifications.providers import Reply
from app.notifications.topics import REASONS, TOPICS
from tests.support.mailbox import Mailbox
from tests.support.people import People
from tests.support.post_office import PostOffice
from tests.support.workbench import Workbench

PREFERENCES = "/api/me/notifications"
NAMES = (
    "assigned",
    "commented",
    "breached",
    "answered",
    "solved",
    "toDecide",
    "decided",
    "jobEnded",
    "requested",
    "lowStock",
)
AT_FIRST: dict[str, list[str]] = {**{name: ["email"] for name in NAMES}, "created": []}


async def test_people_are_told_of_what_they_have_chosen_alone(
    office: PostOffice,
    comments: Comments,
    box: Mailbox,
    agent: httpx.AsyncClient,
    people: People,
    ticket_id: UUID,
) -> None:
    assert (await agent.get(PREFERENCES)).json() == AT_FIRST
    answer = await agent.put(PREFERENCES, json={"commented": []})
    assert answer.json() == AT_FIRST | {"commented": []}
    assert (await agent.get(PREFERENCES)).json() == answer.json()
    await comments.create(people.admin, ticket_id, "Well", internal=False)
    await office.deliver()
    assert box.recipients == ["requester@example.com"]
    await agent.put(PREFERENCES, json={"commented": ["email", "email"]})
    await comments.create(people.admin, ticket_id, "Well", internal=True)
    await office.deliver()
    assert box.recipients == ["requester@example.com", "agent@example.com"]


@pytest.mark.parametrize("body", [{"commented": ["post"]}, {"solved": ["email"] * 3}, {"else": []}, {"solved": None}])
async def test_what_cannot_be_chosen_is_refused(requester: httpx.AsyncClient, body: dict[str, Any]) -> None:
    assert (await requester.put(PREFERENCES, json=body)).status_code == 400


def test_each_topic_can_be_chosen() -> None:
    assert set(Preferences.__struct_fields__) == set(TOPICS) == set(REASONS)


async def test_a_text_message_goes_to_the_phone_of_who_wants_it(
    office: PostOffice, comments: Comments, bench: Workbench, box: Mailbox, people: People, ticket_id: UUID
) -> None:
    await bench.execute(
        "insert into notification_preferences values (:agent, cast(:chosen as jsonb))",
        agent=people.agent.id,
        chosen='{"commented": ["sms", "email"]}',
    )
    sms = RecordedProvider()
    office.sms_providers.append(sms)
    await comments.create(people.admin, ticket_id, "Well", internal=True)
    await office.deliver()
    assert await reasons(office) == ["no_phone"]
    await bench.execute("update users set phone = '+14155550100' where username = 'agent'")
    await comments.create(people.admin, ticket_id, "Well", internal=True)
    await office.deliver()
    [letter] = sms.letters
    assert (letter.to, letter.html) == ("+14155550100", None)
    assert letter.text == (
        "Ticket 1 (#1): admin has written an internal comment on this ticket."
        f" https://desk.example.com/tickets/{ticket_id}"
    )
    assert box.recipients == ["agent@example.com"] * 2


class RecordedProvider:
    name = "recorded"
    setting = "NONE"

    def __init__(self) -> None:
        self.letters: list[Letter] = []

    async def send(self, letter: Letter) -> Reply:
        self.letters.append(letter)
        return Reply(201, "")

    async def check(self) -> Reply:
        return Reply(200, "")


async def reasons(office: PostOffice) -> list[str]:
    rows = await office.rows("select reason from deliveries where status = 'skipped'")
    return [row.reason for row in rows]
