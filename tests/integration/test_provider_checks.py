"""What is said at the start of providers whose keys are wrong."""

from collections.abc import Callable

import pytest
from structlog.testing import capture_logs

from app.notifications import checks, rest
from app.notifications.providers import Provider
from app.notifications.smtp import Smtp
from tests.support.mailbox import Mailbox
from tests.support.receiver import Receiver, Reply

SENDER = "desk@example.com"
MADE: dict[str, Callable[[str], Provider]] = {
    "/domains": lambda url: rest.resend("s3cret", SENDER, url),
    "/v3/scopes": lambda url: rest.sendgrid("s3cret", SENDER, url),
    "/v3/account": lambda url: rest.brevo("s3cret", SENDER, url),
    "/2010-04-01/Accounts/AC1.json": lambda url: rest.twilio("AC1", "s3cret", "+14155550100", url),
    "/": lambda url: rest.sns("AKID", "s3cret", "eu-central-1", url),
}


async def told(*providers: Provider) -> list[tuple[str, str, str | None]]:
    """Return the lines of the log: level, event, setting."""
    with capture_logs() as lines:
        await checks.check_all(providers)
    assert "s3cret" not in str(lines)
    return [(line["log_level"], line["event"], line.get("setting")) for line in lines]


@pytest.mark.parametrize("path", MADE)
@pytest.mark.parametrize(
    ("status", "says"),
    [(400, b"API key is invalid"), (401, b"unauthorized"), (403, b'{"name": "restricted_api_key"}'), (404, b"nobody")],
)
async def test_a_key_that_is_refused_is_an_error_that_names_its_setting(
    receiver: Receiver, path: str, status: int, says: bytes
) -> None:
    provider = MADE[path](receiver.url)
    receiver.replies[path] = Reply(status, says)
    assert await told(provider) == [("error", "provider_refuses_key", provider.setting)]
    assert receiver.requests[-1].path == path


@pytest.mark.parametrize("path", MADE)
async def test_a_key_that_is_taken_is_said(receiver: Receiver, path: str) -> None:
    assert await told(MADE[path](receiver.url)) == [("info", "provider_ready", None)]


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/domains", 401, b'{"statusCode": 401, "name": "restricted_api_key"}'),
        ("/", 403, b"<ErrorResponse><Error><Code>AuthorizationError</Code></Error></ErrorResponse>"),
    ],
)
async def test_a_key_that_is_good_for_sending_alone_is_good(
    receiver: Receiver, path: str, status: int, says: bytes
) -> None:
    receiver.replies[path] = Reply(status, says)
    assert await told(MADE[path](receiver.url)) == [("info", "provider_ready", None)]


async def test_one_that_is_asked_too_often_is_a_warning(receiver: Receiver) -> None:
    receiver.replies["/"] = Reply(400, b"<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>")
    receiver.replies["/domains"] = Reply(429)
    asked = [MADE[path](receiver.url) for path in ("/", "/domains")]
    assert await told(*asked) == [("warning", "provider_unreachable", None)] * 2


async def test_one_that_is_away_is_a_warning(receiver: Receiver) -> None:
    receiver.replies["/domains"] = Reply(503)
    away = rest.resend("s3cret", SENDER, "http://127.0.0.1:1")
    assert (
        await told(MADE["/domains"](receiver.url), away, Smtp("smtp://127.0.0.1:1", SENDER))
        == [("warning", "provider_unreachable", None)] * 3
    )


async def test_a_server_of_mail_is_logged_in_to_and_sent_nothing(box: Mailbox) -> None:
    with_password = box.url.replace("//", "//desk:{}@")
    assert await told(Smtp(with_password.format("secret"), SENDER)) == [("info", "provider_ready", None)]
    assert await told(Smtp(with_password.format("s3cret"), SENDER)) == [("error", "provider_refuses_key", "SMTP_URL")]
    assert box.messages == []
