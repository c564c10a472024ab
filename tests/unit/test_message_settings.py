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


AWS = {"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-central-1"}
TWILIO = {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "token", "TWILIO_PHONE_NUMBER": "+14155550100"}


@pytest.mark.parametrize(("given", "name"), [(given, name) for given in (TWILIO, AWS) for name in given])
def test_a_provider_of_text_messages_asks_for_all_that_it_needs(given: dict[str, str], name: str) -> None:
    [found] = channels.providers_of(load_settings(SERVERS | given))["sms"]
    assert found.name == ("twilio" if given is TWILIO else "sns")
    assert refusal(SERVERS | given | {name: ""}).startswith(f"{name} is not set")


def test_twilio_comes_before_sns() -> None:
    found = channels.providers_of(load_settings(SERVERS | TWILIO | AWS))["sms"]
    assert [provider.name for provider in found] == ["twilio", "sns"]


def test_a_region_that_is_none_is_refused() -> None:
    assert refusal(SERVERS | AWS | {"AWS_REGION": "example.com/"}).startswith("AWS_REGION must be ")


def test_all_providers_that_are_named_are_tried_in_this_order() -> None:
    named = {"SENDGRID_API_KEY": "s", "BREVO_API_KEY": "b", "RESEND_API_KEY": "r", "SMTP_URL": "smtp://mail"}
    loaded = load_settings(SERVERS | named | {"MAIL_FROM": "desk@example.com"})
    found = channels.providers_of(loaded)["email"]
    assert [provider.name for provider in found] == ["smtp", "resend", "sendgrid", "brevo"]
    assert channels.providers_of(load_settings(SERVERS)) == {"email": [], "sms": []}


@pytest.mark.parametrize(
    "given", [{"SMTP_URL": "smtp://mail", "MAIL_FROM": "desk@example.com"}, {"SENDGRID_API_KEY": "s"}, TWILIO, AWS]
)
def test_messages_from_production_need_a_place_for_their_links(given: dict[str, str]) -> None:
    production = SERVERS | {"APP_ENV": "production", "JWT_SECRET": "k" * 32, "SENDGRID_FROM_EMAIL": "a@example.com"}
    assert refusal(production | given).startswith("APP_URL is not set")
    for name in ("APP_URL", "FRONTEND_URL"):
        loaded = load_settings(production | given | {name: "https://desk.example.com"})
        assert loaded.console_url == "https://desk.example.com"
    assert load_settings(production).app_url is None


def test_addresses_that_are_told_of_what_admins_are() -> None:
    loaded = load_settings(
        SERVERS | {"ADMIN_EMAIL": "it@example.com", "OPTICS_ALERT_EMAILS": "noc@example.com, desk@example.com"}
    )
    assert (loaded.admin_email, loaded.optics_addresses) == ("it@example.com", ("noc@example.com", "desk@example.com"))


@pytest.mark.parametrize("name", ["ADMIN_EMAIL", "OPTICS_ALERT_EMAILS"])
@pytest.mark.parametrize("value", ["it", "it@example.com,", "IT <it@example.com>", "a@b c@d"])
def test_an_address_that_is_none_is_refused(name: str, value: str) -> None:
    assert refusal(SERVERS | {name: value}).startswith(f"{name} must be ")
