"""What providers say of a letter that nobody could deliver, whoever asks again: that its recipient cannot be had.

All else that they refuse is of keys, senders, credits and limits, which somebody mends. The codes of HTTP are the same.
"""

import re
from collections.abc import Callable
from typing import Any, Final

import msgspec

Refusal = Callable[[str], bool]  # of what an answer says

# https://www.twilio.com/docs/api/errors: not a number, unsubscribed, not a mobile, a text that is too long, a landline.
# 21608 (a trial account) and 21612 (no way from our number to theirs) are not among them.
TWILIO: Final = (21211, 21610, 21614, 21617, 21635)


def by_resend(text: str) -> bool:
    """https://resend.com/docs/api-reference/errors: 422 validation_error, "Invalid `to` field. ..."; `from` is ours."""
    return re.match(r"Invalid\W+to\W+field", str(_told(text).get("message"))) is not None


def by_sendgrid(text: str) -> bool:
    """https://www.twilio.com/docs/sendgrid/api-reference/mail-send/errors: each names a field of what was posted."""
    errors = _told(text).get("errors")
    fields = [each.get("field") for each in errors if isinstance(each, dict)] if isinstance(errors, list) else []
    return any(str(field).startswith("personalizations.") for field in fields)


def by_brevo(text: str) -> bool:
    """https://developers.brevo.com/reference/sendtransacemail: invalid_parameter, "email is not valid in to"."""
    told = _told(text)
    return told.get("code") == "invalid_parameter" and str(told.get("message")).endswith(" in to")


def by_twilio(text: str) -> bool:
    return _told(text).get("code") in TWILIO


def by_sns(text: str) -> bool:
    """https://docs.aws.amazon.com/sns/latest/api/API_Publish.html; InvalidParameter may be of a region, too."""
    return "<Code>OptedOut</Code>" in text


def _told(text: str) -> dict[str, Any]:
    """Return what an answer says; nothing where it is not an object, as with pages of proxies."""
    try:
        told = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return {}
    return told if isinstance(told, dict) else {}
