"""Which refusals of providers are the recipient's, as their documentation has them, and end a message."""

import pytest

from app.notifications import refusals
from app.notifications.refusals import Refusal

FORMAT = "The email address needs to follow the `email@example.com` or `Name <email@example.com>` format."


@pytest.mark.parametrize(
    ("refusal", "text"),
    [
        (
            refusals.by_resend,
            f'{{"statusCode": 422, "name": "validation_error", "message": "Invalid `to` field. {FORMAT}"}}',
        ),
        (refusals.by_resend, '{"name": "validation_error", "message": "Invalid \'to\' field."}'),
        (
            refusals.by_sendgrid,
            '{"errors": [{"message": "Does not contain a valid address.", "field": "personalizations.0.to.0.email"}]}',
        ),
        (refusals.by_brevo, '{"code": "invalid_parameter", "message": "email is not valid in to"}'),
        (refusals.by_twilio, '{"code": 21211, "message": "The \'To\' number 5551234567 is not valid.", "status": 400}'),
        (refusals.by_twilio, '{"code": 21610, "message": "Attempt to send to unsubscribed recipient", "status": 400}'),
        (refusals.by_twilio, '{"code": 21614, "message": "\'To\' number is not a valid mobile number", "status": 400}'),
        (refusals.by_twilio, '{"code": 21617, "message": "The concatenated message body exceeds 1600", "status": 400}'),
        (refusals.by_sns, "<ErrorResponse><Error><Code>OptedOut</Code></Error></ErrorResponse>"),
    ],
)
def test_a_recipient_that_cannot_be_had_ends_a_message(refusal: Refusal, text: str) -> None:
    assert refusal(text)


@pytest.mark.parametrize(
    ("refusal", "text"),
    [
        (refusals.by_resend, f'{{"name": "validation_error", "message": "Invalid `from` field. {FORMAT}"}}'),
        (refusals.by_resend, '{"statusCode": 400, "name": "validation_error", "message": "API key is invalid"}'),
        (refusals.by_resend, '{"statusCode": 403, "message": "The example.com domain is not verified."}'),
        (refusals.by_sendgrid, '{"errors": [{"message": "Invalid email address", "field": "from.email"}]}'),
        (
            refusals.by_sendgrid,
            '{"errors": [{"message": "The provided authorization grant is invalid", "field": null}]}',
        ),
        (refusals.by_sendgrid, '{"errors": ["?"]}'),
        (refusals.by_sendgrid, '{"errors": "?"}'),
        (refusals.by_brevo, '{"code": "invalid_parameter", "message": "sender is not valid"}'),
        (refusals.by_brevo, '{"code": "not_enough_credits", "message": "You have no credits left"}'),
        (refusals.by_twilio, '{"code": 20003, "message": "Authenticate", "status": 401}'),
        (refusals.by_twilio, '{"code": 21608, "message": "The number is unverified: trial accounts", "status": 400}'),
        (refusals.by_twilio, '{"code": 21660, "message": "Mismatch between From and account", "status": 400}'),
        (refusals.by_sns, "<Code>Throttling</Code>"),
        (refusals.by_sns, "<Code>InvalidParameter</Code><Message>PhoneNumber is not valid to publish to</Message>"),
    ],
)
def test_what_somebody_can_mend_does_not(refusal: Refusal, text: str) -> None:
    assert not refusal(text)


@pytest.mark.parametrize(
    "refusal",
    [refusals.by_resend, refusals.by_sendgrid, refusals.by_brevo, refusals.by_twilio, refusals.by_sns],
)
@pytest.mark.parametrize(
    "text", ["", "<html>", "[]", "null", "3", '"Invalid `to` field"', '{"message": 1, "code": [1]}']
)
def test_nor_does_what_nobody_understands(refusal: Refusal, text: str) -> None:
    assert not refusal(text)
