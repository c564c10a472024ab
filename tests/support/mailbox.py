"""A server that takes e-mail, answers as it is told, and keeps what it was sent."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword


class Mailbox:
    """A handler of aiosmtpd's server."""

    def __init__(self) -> None:
        self.port = 0
        self.messages: list[EmailMessage] = []
        self.ids: set[str] = set()
        self.recipients: list[str] = []
        self.logins: list[tuple[str, str]] = []
        self.at_recipient = "250 OK"  # what is answered to RCPT
        self.at_data = "250 taken"  # and to the message
        self.hangs = False
        self.at_work = 0  # messages that have come and are not answered
        self.released = asyncio.Event()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def to(self, address: str) -> list[EmailMessage]:
        return [message for message in self.messages if message["To"] == address]

    async def handle_RCPT(  # noqa: N802 - as aiosmtpd calls it
        self, server: Any, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.at_recipient.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.at_recipient

    async def handle_DATA(self, server: Any, session: Any, envelope: Envelope) -> str:  # noqa: N802
        self.at_work += 1
        if self.hangs:
            await self.released.wait()
        self.at_work -= 1
        if self.at_data.startswith("2"):
            assert isinstance(envelope.content, bytes)
            self.messages.append(BytesParser(EmailMessage, policy=default).parsebytes(envelope.content))
            self.ids.add(self.messages[-1]["Message-ID"])
            self.recipients += envelope.rcpt_tos
        return self.at_data

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        self.logins.append((given.login.decode(), given.password.decode()))
        return AuthResult(success=given.password == b"secret", handled=False)


@contextlib.asynccontextmanager
async def mailbox() -> AsyncIterator[Mailbox]:
    """Run one on a port of its own."""
    box, loop = Mailbox(), asyncio.get_running_loop()

    def serve() -> SMTP:
        return SMTP(box, loop=loop, hostname="mail", authenticator=box.authenticate, auth_require_tls=False)

    server = await loop.create_server(serve, "127.0.0.1", 0)
    box.port = server.sockets[0].getsockname()[1]
    async with server:
        try:
            yield box
        finally:
            box.released.set()
