from app.errors import Conflict


class AddressRefused(Exception):
    """Nothing is sent there; the message says why."""


class TooManyWebhooks(Conflict):
    """There are as many webhooks as there may be: delete one first."""

    code = "too_many_webhooks"


class WebhookDisabled(Conflict):
    """Nothing is sent to this webhook: enable it first, by PATCH with `enabled`."""

    code = "webhook_disabled"
