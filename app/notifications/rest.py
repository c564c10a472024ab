"""Providers that take messages by HTTP, each with the names that its API has for the same things."""

import base64
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import Any, Final
from urllib.parse import quote, urlencode
from uuid import uuid5

import httpx
import msgspec

from app import tls
from app.deliveries import delays
from app.notifications import refusals, signing
from app.notifications.models import Letter
from app.notifications.providers import Reply
from app.notifications.refusals import Refusal

RESEND: Final = "https://api.resend.com"
SENDGRID: Final = "https://api.sendgrid.com"
BREVO: Final = "https://api.brevo.com"
TWILIO: Final = "https://api.twilio.com"
SNS: Final = "https://sns.{}.amazonaws.com"
REFUSED: Final = {400, 422}  # of a letter; other codes are of keys, limits and outages
# What a key is told that is good for sending and for nothing else, by Resend and by AWS. (403 of Resend: not active.)
NARROW: Final = {401: "restricted_api_key", 403: "AuthorizationError"}


class Call(msgspec.Struct, frozen=True):
    url: str
    headers: Mapping[str, str]
    method: str = "POST"
    json: Mapping[str, Any] | None = None
    form: Mapping[str, str] | None = None
    content: str | None = None


class Rest:
    """Posts letters; a redirect is not followed, so that a key stays where it belongs.

    check: a call that changes nothing, and that only the right key is let through.
    refusal: tells by an answer whether the recipient cannot be had, so that it is of no use to ask again.
    """

    def __init__(
        self,
        name: str,
        setting: str,
        call_of: Callable[[Letter], Call],
        check: Call | Callable[[], Call],
        refusal: Refusal,
    ) -> None:
        self.name = name
        self.setting = setting
        self._call_of = call_of
        self._check = check
        self._refusal = refusal

    async def send(self, letter: Letter) -> Reply:
        reply = await _called(self._call_of(letter))
        return msgspec.structs.replace(reply, is_final=reply.code in REFUSED and self._refusal(reply.text))

    async def check(self) -> Reply:
        reply = await _called(self._check if isinstance(self._check, Call) else self._check())
        is_narrow = reply.code in NARROW and NARROW[reply.code] in reply.text
        return msgspec.structs.replace(reply, code=httpx.codes.OK) if is_narrow else reply


async def _called(call: Call) -> Reply:
    try:
        # No time-out, as the caller has one for all of it.
        async with httpx.AsyncClient(verify=tls.trusted(), timeout=None) as client:  # noqa: S113
            response = await client.request(
                call.method,
                call.url,
                headers=dict(call.headers),
                json=call.json,
                data=call.form,
                content=call.content,
            )
    except (httpx.HTTPError, httpx.InvalidURL) as trouble:
        return Reply(None, f"{type(trouble).__name__}: {trouble}")
    retry_after = delays.asked_for(response.headers.get("retry-after"), datetime.now(UTC))
    return Reply(response.status_code, response.text, retry_after)


def _headers(letter: Letter) -> dict[str, Any]:
    return {"headers": letter.headers} if letter.headers else {}


def resend(key: str, sender: str, url: str = RESEND) -> Rest:
    """Return https://resend.com/docs/api-reference/emails/send-email, which drops what comes again within a day.

    Its keys of idempotency are of what a letter says, too: one with other links under the same key would be refused.
    """
    headers = {"authorization": f"Bearer {key}"}

    def call_of(letter: Letter) -> Call:
        body = {
            "from": sender,
            "to": [letter.to],
            "subject": letter.subject,
            "text": letter.text,
            "html": letter.html,
        } | _headers(letter)
        once = {"idempotency-key": str(uuid5(letter.id, msgspec.json.encode(body).decode()))}
        return Call(f"{url}/emails", headers | once, json=body)

    return Rest("resend", "RESEND_API_KEY", call_of, Call(f"{url}/domains", headers, "GET"), refusals.by_resend)


def sendgrid(key: str, sender: str, url: str = SENDGRID) -> Rest:
    """Return https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send."""
    name, email = parseaddr(sender)
    headers = {"authorization": f"Bearer {key}"}

    def call_of(letter: Letter) -> Call:
        body = {
            "personalizations": [{"to": [{"email": letter.to}]}],
            "from": {"email": email, "name": name} if name else {"email": email},
            "subject": letter.subject,
            "content": [
                {"type": "text/plain", "value": letter.text},
                {"type": "text/html", "value": letter.html},
            ],
        } | _headers(letter)
        return Call(f"{url}/v3/mail/send", headers, json=body)

    return Rest("sendgrid", "SENDGRID_API_KEY", call_of, Call(f"{url}/v3/scopes", headers, "GET"), refusals.by_sendgrid)


def brevo(key: str, sender: str, url: str = BREVO) -> Rest:
    """Return https://developers.brevo.com/reference/sendtransacemail."""
    name, email = parseaddr(sender)
    headers = {"api-key": key}

    def call_of(letter: Letter) -> Call:
        body = {
            "sender": {"email": email, "name": name} if name else {"email": email},
            "to": [{"email": letter.to}],
            "subject": letter.subject,
            "textContent": letter.text,
            "htmlContent": letter.html,
        } | _headers(letter)
        return Call(f"{url}/v3/smtp/email", headers, json=body)

    return Rest("brevo", "BREVO_API_KEY", call_of, Call(f"{url}/v3/account", headers, "GET"), refusals.by_brevo)


def twilio(account: str, token: str, phone: str, url: str = TWILIO) -> Rest:
    """Return https://www.twilio.com/docs/messaging/api/message-resource."""
    credentials = base64.b64encode(f"{account}:{token}".encode()).decode()
    headers = {"authorization": f"Basic {credentials}"}
    base = f"{url}/2010-04-01/Accounts/{quote(account, safe='')}"

    def call_of(letter: Letter) -> Call:
        form = {"To": letter.to, "From": phone, "Body": letter.text}
        return Call(f"{base}/Messages.json", headers, form=form)

    return Rest(
        "twilio",
        "TWILIO_ACCOUNT_SID or TWILIO_AUTH_TOKEN",
        call_of,
        Call(f"{base}.json", headers, "GET"),
        refusals.by_twilio,
    )


def sns(key_id: str, secret: str, region: str, url: str | None = None) -> Rest:
    """Return https://docs.aws.amazon.com/sns/latest/api/API_Publish.html, to a phone number."""
    key = signing.Key(key_id, secret, region, "sns")
    base = url or SNS.format(region)

    def asked(action: str, **values: str) -> Call:
        body = urlencode({"Action": action, "Version": "2010-03-31", **values})
        headers = signing.headers_of(key, httpx.URL(base).netloc.decode(), body, datetime.now(UTC))
        return Call(f"{base}/", headers, content=body)

    def call_of(letter: Letter) -> Call:
        return asked("Publish", PhoneNumber=letter.to, Message=letter.text)

    return Rest(
        "sns", "AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY", call_of, lambda: asked("GetSMSAttributes"), refusals.by_sns
    )
