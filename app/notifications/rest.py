"""Providers that take messages by HTTP, each with the names that its API has for the same things."""

import base64
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import Any, Final
from urllib.parse import quote

import httpx
import msgspec

from app.deliveries import delays
from app.notifications.models import Letter
from app.notifications.providers import Reply

RESEND: Final = "https://api.resend.com"
SENDGRID: Final = "https://api.sendgrid.com"
BREVO: Final = "https://api.brevo.com"
TWILIO: Final = "https://api.twilio.com"
REFUSED: Final = {400, 422}  # this letter, whoever asks again; other codes are of keys, limits and outages


class Request(msgspec.Struct, frozen=True):
    headers: Mapping[str, str]
    json: Mapping[str, Any] | None = None
    form: Mapping[str, str] | None = None


class Rest:
    """Posts letters; a redirect is not followed, so that a key stays where it belongs."""

    def __init__(self, name: str, url: str, request_of: Callable[[Letter], Request]) -> None:
        self.name = name
        self._url = url
        self._request_of = request_of

    async def send(self, letter: Letter) -> Reply:
        request = self._request_of(letter)
        try:
            async with httpx.AsyncClient(timeout=None) as client:  # noqa: S113 - the caller has one for all of it
                headers = dict(request.headers)
                response = await client.post(self._url, headers=headers, json=request.json, data=request.form)
        except (httpx.HTTPError, httpx.InvalidURL) as trouble:
            return Reply(None, f"{type(trouble).__name__}: {trouble}")
        retry_after = delays.asked_for(response.headers.get("retry-after"), datetime.now(UTC))
        return Reply(response.status_code, response.text, retry_after, is_final=response.status_code in REFUSED)


def resend(key: str, sender: str, url: str = RESEND) -> Rest:
    """Return https://resend.com/docs/api-reference/emails/send-email, which drops what comes again within a day."""

    def request_of(letter: Letter) -> Request:
        body = {
            "from": sender,
            "to": [letter.to],
            "subject": letter.subject,
            "text": letter.text,
            "html": letter.html,
        }
        return Request({"authorization": f"Bearer {key}", "idempotency-key": str(letter.id)}, body)

    return Rest("resend", f"{url}/emails", request_of)


def sendgrid(key: str, sender: str, url: str = SENDGRID) -> Rest:
    """Return https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send."""
    name, email = parseaddr(sender)

    def request_of(letter: Letter) -> Request:
        body = {
            "personalizations": [{"to": [{"email": letter.to}]}],
            "from": {"email": email, "name": name} if name else {"email": email},
            "subject": letter.subject,
            "content": [
                {"type": "text/plain", "value": letter.text},
                {"type": "text/html", "value": letter.html},
            ],
        }
        return Request({"authorization": f"Bearer {key}"}, body)

    return Rest("sendgrid", f"{url}/v3/mail/send", request_of)


def brevo(key: str, sender: str, url: str = BREVO) -> Rest:
    """Return https://developers.brevo.com/reference/sendtransacemail."""
    name, email = parseaddr(sender)

    def request_of(letter: Letter) -> Request:
        body = {
            "sender": {"email": email, "name": name} if name else {"email": email},
            "to": [{"email": letter.to}],
            "subject": letter.subject,
            "textContent": letter.text,
            "htmlContent": letter.html,
        }
        return Request({"api-key": key}, body)

    return Rest("brevo", f"{url}/v3/smtp/email", request_of)


def twilio(account: str, token: str, phone: str, url: str = TWILIO) -> Rest:
    """Return https://www.twilio.com/docs/messaging/api/message-resource."""
    credentials = base64.b64encode(f"{account}:{token}".encode()).decode()

    def request_of(letter: Letter) -> Request:
        form = {"To": letter.to, "From": phone, "Body": letter.text}
        return Request({"authorization": f"Basic {credentials}"}, form=form)

    return Rest("twilio", f"{url}/2010-04-01/Accounts/{quote(account, safe='')}/Messages.json", request_of)
