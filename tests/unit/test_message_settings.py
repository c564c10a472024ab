"""Who sends messages, in whose name, and what is refused of it."""

import pytest

from app.notifications import channels
from app.settings import load_settings
from tests.support.environments import SERVERS, refusal


@pytest.mark.parametrize(
    ("given", "sender"),
    [
        ({"SMTP_URL": "smtp://desk%40example.com:secret@mail"}, "desk@example.com"),
        ({"SMTP_URL": "smtp://mail", "MAIL_FROM": "desk@example.com"}, "desk@example.com"),
        ({"SMTP_URL": "smtps://a%40b.c:x@mail", "MAIL_FROM": "Büro <desk@example.com>"}, "Büro <desk@example.com>"),
    ],
)
def test_mail_is_from_whom_the_settings_name(given: dict[str, str], sender: str) -> None:
    assert load_settings(SERVERS | given).mail_from == sender


@pytest.mark.parametrize(
    ("name", "value", "asked_for"),
    [
        ("SMTP_URL", "smtp://mail", "MAIL_FROM"),
        ("SMTP_URL", "smtp://desk:secret@mail", "MAIL_FROM"),
        ("RESEND_API_KEY", "key", "MAIL_FROM"),
        ("BREVO_API_KEY", "key", "MAIL_FROM"),
        ("SENDGRID_API_KEY", "key", "SENDGRID_FROM_EMAIL"),
    ],
)
def test_a_provider_of_mail_asks_for_a_sender(name: str, value: str, asked_for: str) -> None:
    assert refusal(SERVERS | {name: value}).startswith(f"{asked_for} is not set")


TWILIO = {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "token", "TWILIO_PHONE_NUMBER": "+14155550100"}


@pytest.mark.parametrize("name", TWILIO)
def test_twilio_asks_for_all_that_it_needs(name: str) -> None:
    [twilio] = channels.providers_of(load_settings(SERVERS | TWILIO))["sms"]
    assert twilio.name == "twilio"
    assert refusal(SERVERS | TWILIO | {name: ""}).startswith(f"{name} is not set")


def test_all_providers_that_are_named_are_tried_in_this_order() -> None:
    named = {"SENDGRID_API_KEY": "s", "BREVO_API_KEY": "b", "RESEND_API_KEY": "r", "SMTP_URL": "smtp://mail"}
    loaded = load_settings(SERVERS | named | {"MAIL_FROM": "desk@example.com"})
    found = channels.providers_of(loaded)["email"]
    assert [provider.name for provider in found] == ["smtp", "resend", "sendgrid", "brevo"]
    assert channels.providers_of(load_settings(SERVERS)) == {"email": [], "sms": []}


def test_addresses_that_are_told_of_what_admins_are() -> None:
    loaded = load_settings(
        SERVERS | {"ADMIN_EMAIL": "it@example.com", "OPTICS_ALERT_EMAILS": "noc@example.com, desk@example.com"}
    )
    assert (loaded.admin_email, loaded.optics_addresses) == ("it@example.com", ("noc@example.com", "desk@example.com"))


@pytest.mark.parametrize("name", ["ADMIN_EMAIL", "OPTICS_ALERT_EMAILS"])
@pytest.mark.parametrize("value", ["it", "it@example.com,", "IT <it@example.com>", "a@b c@d"])
def test_an_address_that_is_none_is_refused(name: str, value: str) -> None:
    assert refusal(SERVERS | {name: value}).startswith(f"{name} must be ")
