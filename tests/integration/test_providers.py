"""Several providers of e-mail: the first that takes a message sends it, and what each of them said is on record."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from msgspec import structs

from app.notifications import rest, smtp
from app.notifications.models import Letter
from app.notifications.smtp import Smtp
from tests.support.mailbox import Mailbox
from tests.support.people import People
from tests.support.post_office import PostOffice
from tests.support.receiver import Receiver, Reply
from tests.support.workbench import Workbench

SENDER = "Help desk <desk@example.com>"
NOWHERE = "smtp://127.0.0.1:1"
LETTER = Letter(id=uuid4(), to="ada@example.com", subject="Hello", text="Hi", html="<p>Hi</p>", thread="t")
CHOOSE = "https://desk.example.com/account"
HEADERS = {"headers": {"List-Unsubscribe": f"<{CHOOSE}>"}}
NO_ADDRESS = b'{"statusCode": 422, "name": "validation_error", "message": "Invalid `to` field."}'
ATTEMPTS = "select provider, status_code, error is not null as failed from delivery_attempts order by at"


@pytest.fixture
async def office(bench: Workbench, people: People) -> PostOffice:
    """The agent is to be told that a deadline has passed."""
    office = PostOffice(bench.engine, people.admin, seconds=2)
    [ticket_id] = await bench.tickets(1)
    await bench.execute("update tickets set assignee_id = :agent", agent=people.agent.id)
    await office.record("ticket.breached", ticket={"id": str(ticket_id), "number": 1})
    return office


async def test_while_the_first_is_down_the_second_one_is_used_and_both_are_on_record(
    office: PostOffice, box: Mailbox
) -> None:
    office.providers += [Smtp(NOWHERE, SENDER), Smtp(box.url, SENDER)]
    await office.deliver()
    assert box.recipients == ["agent@example.com"]
    assert await office.rows(ATTEMPTS) == [("smtp", None, True), ("smtp", 250, False)]
    assert await office.statuses() == {"delivered": 1}
    assert [row.attempts for row in await office.rows("select attempts from deliveries")] == [2]


async def test_the_second_one_is_not_asked_while_the_first_is_well(office: PostOffice, box: Mailbox) -> None:
    office.providers += [Smtp(box.url, SENDER), Smtp(NOWHERE, SENDER)]
    await office.deliver()
    assert await office.rows(ATTEMPTS) == [("smtp", 250, False)]


async def test_while_all_are_down_a_message_is_kept_and_sent_later(office: PostOffice, box: Mailbox) -> None:
    office.providers += [Smtp(NOWHERE, SENDER), Smtp(NOWHERE, SENDER)]
    await office.deliver()
    assert await office.statuses() == {"pending": 1}
    office.providers[:] = [Smtp(box.url, SENDER)]
    await office.make_due()
    await office.send()
    assert box.recipients == ["agent@example.com"]
    assert len(await office.rows(ATTEMPTS)) == 3


async def test_one_that_hangs_leaves_the_next_its_share_of_the_time(
    office: PostOffice, box: Mailbox, receiver: Receiver
) -> None:
    receiver.replies["/emails"] = Reply(hangs=True)
    office.providers += [rest.resend("key", SENDER, receiver.url), Smtp(box.url, SENDER)]
    await office.deliver()
    assert box.recipients == ["agent@example.com"]
    assert await office.rows(ATTEMPTS) == [("resend", None, True), ("smtp", 250, False)]


async def test_one_that_refuses_a_message_does_not_end_it_while_another_may_take_it(
    office: PostOffice, receiver: Receiver
) -> None:
    receiver.replies["/emails"] = Reply(422, NO_ADDRESS)
    office.providers += [rest.resend("key", SENDER, receiver.url), Smtp(NOWHERE, SENDER)]
    await office.deliver()
    assert await office.statuses() == {"pending": 1}
    office.providers.pop()
    await office.make_due()
    await office.send()
    assert await office.statuses() == {"failed": 1}


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (400, b'{"name": "validation_error", "message": "API key is invalid"}'),
        (401, b'{"name": "missing_api_key"}'),
        (403, b'{"name": "validation_error", "message": "The example.com domain is not verified."}'),
        (422, b'{"name": "validation_error", "message": "Invalid `from` field."}'),
    ],
)
async def test_while_a_key_or_a_sender_is_wrong_a_message_is_kept_and_sent_later(
    office: PostOffice, receiver: Receiver, status: int, says: bytes
) -> None:
    receiver.replies["/emails"] = Reply(status, says)
    office.providers += [rest.resend("key", SENDER, receiver.url)]
    await office.deliver()
    assert await office.statuses() == {"pending": 1}
    del receiver.replies["/emails"]
    await office.make_due()
    await office.send()
    assert await office.statuses() == {"delivered": 1}


@pytest.mark.parametrize(
    ("make", "path", "header", "body"),
    [
        (
            rest.resend,
            "/emails",
            ("authorization", "Bearer secret"),
            {"from": SENDER, "to": ["ada@example.com"], "subject": "Hello", "text": "Hi", "html": "<p>Hi</p>"},
        ),
        (
            rest.sendgrid,
            "/v3/mail/send",
            ("authorization", "Bearer secret"),
            {
                "personalizations": [{"to": [{"email": "ada@example.com"}]}],
                "from": {"email": "desk@example.com", "name": "Help desk"},
                "subject": "Hello",
                "content": [{"type": "text/plain", "value": "Hi"}, {"type": "text/html", "value": "<p>Hi</p>"}],
            },
        ),
        (
            rest.brevo,
            "/v3/smtp/email",
            ("api-key", "secret"),
            {
                "sender": {"email": "desk@example.com", "name": "Help desk"},
                "to": [{"email": "ada@example.com"}],
                "subject": "Hello",
                "textContent": "Hi",
                "htmlContent": "<p>Hi</p>",
            },
        ),
    ],
    ids=["resend", "sendgrid", "brevo"],
)
async def test_each_is_asked_as_its_documentation_has_it(
    receiver: Receiver, make: Any, path: str, header: tuple[str, str], body: dict[str, Any]
) -> None:
    reply = await make("secret", SENDER, receiver.url).send(LETTER)
    [request] = receiver.requests
    assert (reply.code, request.path, request.event) == (200, path, body)
    assert request.headers[header[0]] == header[1]


def test_an_e_mail_has_the_place_to_unsubscribe_as_it_is_however_long() -> None:
    place = f"https://{'desk.' * 40}example.com/account"
    lines = smtp.message_of(structs.replace(LETTER, choose=place), SENDER).as_string().splitlines()
    assert f"List-Unsubscribe: <{place}>" in lines


@pytest.mark.parametrize("make", [rest.resend, rest.sendgrid, rest.brevo])
async def test_each_is_given_the_place_to_unsubscribe(receiver: Receiver, make: Any) -> None:
    await make("secret", SENDER, receiver.url).send(structs.replace(LETTER, choose=CHOOSE))
    await make("secret", SENDER, receiver.url).send(LETTER)
    asked, plain = [request.event for request in receiver.requests]
    assert asked == plain | HEADERS


@pytest.mark.parametrize(
    ("status", "is_final"),
    [(202, False), (301, False), (400, True), (401, False), (422, True), (429, False), (500, False)],
)
async def test_what_it_says_decides_whether_it_is_asked_again(
    receiver: Receiver, status: int, *, is_final: bool
) -> None:
    receiver.replies["/emails"] = Reply(status, NO_ADDRESS, {"retry-after": "90", "location": "/elsewhere"})
    reply = await rest.resend("secret", SENDER, receiver.url).send(LETTER)
    said = (reply.code, reply.text, reply.retry_after_seconds, reply.is_final)
    assert said == (status, NO_ADDRESS.decode(), 90, is_final)
    assert len(receiver.requests) == 1


async def test_resend_can_tell_a_letter_that_comes_again_from_one_with_other_links(receiver: Receiver) -> None:
    resend = rest.resend("secret", SENDER, receiver.url)
    other_links = structs.replace(LETTER, text="Hi again")
    other_letter = structs.replace(LETTER, id=uuid4())
    for letter in (LETTER, LETTER, other_links, other_letter):
        await resend.send(letter)
    first, again, *others = [request.headers["idempotency-key"] for request in receiver.requests]
    assert first == again
    assert len({first, *others}) == 3


async def test_twilio_is_asked_as_its_documentation_has_it(receiver: Receiver) -> None:
    letter = Letter(id=uuid4(), to="+14155550101", subject="", text="Hello & good day", html=None, thread="t")
    await rest.twilio("AC1", "token", "+14155550100", receiver.url).send(letter)
    [request] = receiver.requests
    assert request.path == "/2010-04-01/Accounts/AC1/Messages.json"
    assert request.event == {"To": "+14155550101", "From": "+14155550100", "Body": "Hello & good day"}
    assert httpx.BasicAuth("AC1", "token")._auth_header == request.headers["authorization"]


async def test_sns_is_asked_as_its_documentation_has_it(receiver: Receiver) -> None:
    letter = Letter(id=uuid4(), to="+14155550101", subject="", text="Hello & good day", html=None, thread="t")
    reply = await rest.sns("AKID", "secret", "eu-central-1", receiver.url).send(letter)
    [request] = receiver.requests
    assert (reply.code, request.path) == (200, "/")
    wanted = {"Action": "Publish", "Version": "2010-03-31"}
    assert request.event == wanted | {"PhoneNumber": "+14155550101", "Message": "Hello & good day"}
    assert request.headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKID/")
    assert "/eu-central-1/sns/aws4_request" in request.headers["authorization"]


async def test_sns_that_is_asked_too_often_is_asked_again(receiver: Receiver) -> None:
    sns = rest.sns("AKID", "secret", "eu-central-1", receiver.url)
    receiver.replies["/"] = Reply(400, b"<Code>Throttling</Code>")
    assert not (await sns.send(LETTER)).is_final
    receiver.replies["/"] = Reply(400, b"<Code>OptedOut</Code>")
    assert (await sns.send(LETTER)).is_final


async def test_one_that_cannot_be_reached_says_so() -> None:
    reply = await rest.resend("secret", SENDER, "http://127.0.0.1:1").send(LETTER)
    assert reply.code is None
    assert reply.text.startswith("ConnectError: ")
    assert "secret" not in reply.text
