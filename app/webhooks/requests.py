"""Requests to a webhook, whatever comes of them."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Final, NamedTuple

import httpx

from app import tls
from app.deliveries import delays
from app.deliveries.models import Answered, Attempt
from app.webhooks.addresses import Addresses, Target
from app.webhooks.errors import AddressRefused

SECONDS: Final = 15.0  # for all of it, and less than a transaction may take
READ_BYTES: Final = 64 * 1024
KEPT_CHARACTERS: Final = 2 * 1024
ALWAYS: Final = {"content-type": "application/json", "user-agent": "Bulkhead", "accept-encoding": "identity"}


class Message(NamedTuple):
    headers: Mapping[str, str]
    body: str


class Requests:
    """Sends to webhooks; none of its methods raises for what a receiver, or the way to it, may do."""

    def __init__(self, addresses: Addresses, seconds: float = SECONDS) -> None:
        self._addresses = addresses
        self._seconds = seconds

    def client(self) -> httpx.AsyncClient:
        """Return a client for one webhook; it follows no redirect and knows no proxy.

        Two webhooks must not share one: connections are known by their address, and two names may have the same.
        """
        return httpx.AsyncClient(verify=tls.trusted(), timeout=None, trust_env=False)  # noqa: S113 - `post_all` limits all

    async def post_all(self, client: httpx.AsyncClient, url: str, messages: Sequence[Message]) -> list[Answered]:
        """Send some messages at once; return what came of each."""
        ends_at = asyncio.get_running_loop().time() + self._seconds
        begun = _Begun.now()
        try:
            async with asyncio.timeout_at(ends_at):
                target = await self._addresses.resolve(url)
        except (AddressRefused, OSError) as trouble:  # a TimeoutError is one, too
            return [begun.failed(trouble)] * len(messages)
        return await asyncio.gather(*(_post(client, target, message, ends_at) for message in messages))


class _Begun(NamedTuple):
    """When an attempt began: for the record, and for measuring."""

    at: datetime
    clock: float

    @classmethod
    def now(cls) -> "_Begun":
        return cls(datetime.now(UTC), time.monotonic())

    def failed(self, trouble: Exception) -> Answered:
        reason = "Not answered in time" if isinstance(trouble, TimeoutError) else f"{type(trouble).__name__}: {trouble}"
        return Answered(Attempt(self.at, self.took_ms, error=reason))

    @property
    def took_ms(self) -> int:
        return int((time.monotonic() - self.clock) * 1000)


async def _post(client: httpx.AsyncClient, target: Target, message: Message, ends_at: float) -> Answered:
    begun = _Begun.now()
    try:
        async with asyncio.timeout_at(ends_at), _sent(client, target, message) as response:
            answer = await _beginning(response)
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as trouble:
        return begun.failed(trouble)
    attempt = Attempt(begun.at, begun.took_ms, response.status_code, answer=answer)
    retry_after = delays.asked_for(response.headers.get("retry-after"), begun.at)
    return Answered(attempt, retry_after, is_final=attempt.is_gone)


def _sent(client: httpx.AsyncClient, target: Target, message: Message) -> AbstractAsyncContextManager[httpx.Response]:
    """Go to the address that was looked at; a certificate must be of the name."""
    return client.stream(
        "POST",
        target.url,
        content=message.body,
        headers={**ALWAYS, **message.headers, "host": target.host},
        extensions={"sni_hostname": target.name},
    )


async def _beginning(response: httpx.Response) -> str:
    """Read up to READ_BYTES of an answer, and return the beginning; what is not read ends with its connection."""
    read = b""
    async for part in response.aiter_raw():
        read += part
        if len(read) >= READ_BYTES:
            break
    text = read[: 4 * KEPT_CHARACTERS].decode(errors="replace")
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")[:KEPT_CHARACTERS]
