import contextlib
from collections.abc import Awaitable, Callable
from email.errors import MessageError
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.policy import Policy
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib
from aiosmtplib import SMTPException, SMTPRecipientRefused, SMTPRecipientsRefused, SMTPResponseException

from app.notifications.models import Letter
from app.notifications.providers import Reply

PORTS: Final = {"smtp": 587, "smtps": 465}  # RFC 6409, RFC 8314
LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}
PERMANENT: Final = 500  # RFC 5321, 4.2.1
OF_POLICY: Final = "5.7."  # RFC 3463, 3.8: a server that wants a password, or another sender, refuses each recipient
TAKEN: Final = 250
QUIT_SECONDS: Final = 1.0


class _Link(UnstructuredHeader, BaseHeader):
    """A URL in one line: of a long one the library makes encoded words, which nothing reads as a URL."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS: Final = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Link)
_POLICY: Final = SMTP_POLICY.clone(header_factory=_HEADERS)


class Smtp:
    """Sends e-mail to the server that SMTP_URL names, each letter over a connection of its own."""

    name = "smtp"
    setting = "SMTP_URL"

    def __init__(self, url: str, sender: str) -> None:
        parts = urlsplit(url)
        self._sender = sender
        self._host = parts.hostname or "localhost"
        self._port = parts.port or PORTS[parts.scheme]
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._is_tls = parts.scheme == "smtps"

    async def send(self, letter: Letter) -> Reply:
        try:
            message = message_of(letter, self._sender)
        except (ValueError, IndexError, MessageError) as error:  # what the library says of addresses that are none
            return Reply(None, f"This address cannot be written to: {type(error).__name__}", is_final=True)

        async def hand_over(client: aiosmtplib.SMTP) -> str:
            _, said = await client.send_message(message, recipients=[letter.to])
            return said

        return await self._connected(hand_over)

    async def check(self) -> Reply:
        async def greet(client: aiosmtplib.SMTP) -> str:
            return (await client.noop()).message

        return await self._connected(greet)

    async def _connected(self, step: Callable[[aiosmtplib.SMTP], Awaitable[str]]) -> Reply:
        """Log in, if there is a password, and do something."""
        client = self._client()
        try:
            await client.connect()
            said = await step(client)
            with contextlib.suppress(SMTPException):
                await client.quit(timeout=QUIT_SECONDS)
        except SMTPException as error:
            return _refusal(error)
        finally:
            client.close()
        return Reply(TAKEN, said)

    def _client(self) -> aiosmtplib.SMTP:
        """Return a client without time-outs, as the caller has one, and there must be nothing else to wait for."""
        return aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            username=self._user,
            password=self._password,
            use_tls=self._is_tls,
            start_tls=self._starts_tls(),
            timeout=None,
        )

    def _starts_tls(self) -> bool | None:
        """Tell whether STARTTLS must be: for a password that leaves this machine. None where it may be."""
        if self._is_tls:
            return False
        return True if self._password and self._host not in LOOPBACK else None


def message_of(letter: Letter, sender: str) -> EmailMessage:
    """Return a letter as an e-mail, whose id is the same at each attempt, so that repeats can be told."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = sender
    message["To"] = Address(addr_spec=letter.to)
    message["Subject"] = letter.subject
    domain = sender.rpartition("@")[2].rstrip(">")
    message["Message-ID"] = f"<{letter.id}@{domain}>"
    message["References"] = f"<{letter.thread}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: whoever is away does not answer
    for name, value in letter.headers.items():
        message[name] = value
    message.set_content(letter.text)
    if letter.html is not None:
        message.add_alternative(letter.html, subtype="html")
    return message


def _refusal(error: SMTPException) -> Reply:
    if isinstance(error, SMTPRecipientsRefused):
        error = error.recipients[0]
    if not isinstance(error, SMTPResponseException):
        return Reply(None, f"{type(error).__name__}: {error.message}")
    is_permanent = error.code >= PERMANENT and not error.message.startswith(OF_POLICY)
    return Reply(error.code, error.message, is_final=isinstance(error, SMTPRecipientRefused) and is_permanent)
