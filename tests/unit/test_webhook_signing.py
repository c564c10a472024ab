import base64
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from app.webhooks import signing

BODY = '{"type":"ticket.created","data":{"title":"Grüße"}}'


def test_receivers_verify_with_the_library() -> None:
    secret = signing.new_secret()
    headers = signing.headers_of(uuid4(), datetime.now(UTC), BODY, [secret])
    Webhook(secret).verify(BODY, headers)
    for changed in ({"webhook-id": str(uuid4())}, {"webhook-timestamp": str(int(headers["webhook-timestamp"]) + 1)}):
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(BODY, headers | changed)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY + " ", headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(signing.new_secret()).verify(BODY, headers)


def test_with_two_secrets_a_receiver_needs_one_of_them() -> None:
    new, old = signing.new_secret(), signing.new_secret()
    headers = signing.headers_of(uuid4(), datetime.now(UTC), BODY, [new, old])
    for secret in (new, old):
        Webhook(secret).verify(BODY, headers)


def test_the_time_is_that_of_the_attempt() -> None:
    secret = signing.new_secret()
    headers = signing.headers_of(uuid4(), datetime.now(UTC) - timedelta(hours=1), BODY, [secret])
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY, headers)


def test_a_secret_is_as_standard_webhooks_has_it() -> None:
    secret = signing.new_secret()
    assert len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) == 32
    assert secret != signing.new_secret()
