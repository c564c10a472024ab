"""Who takes messages to people: tried in order, until one has taken a message."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, Protocol

import msgspec

from app.deliveries.models import Answered, Attempt
from app.notifications.models import Letter

SECONDS: Final = 14.0  # for all providers together, and less than a transaction may take
KEPT_CHARACTERS: Final = 2 * 1024


class Reply(msgspec.Struct, frozen=True):
    """What a provider said, as codes of SMTP and HTTP: 2xx where it has taken a letter.

    is_final: it is of no use to ask again, as with an address that is not there.
    """

    code: int | None
    text: str
    retry_after_seconds: float | None = None
    is_final: bool = False


class Provider(Protocol):
    """One way to send. Its methods raise nothing but `OSError` and what `asyncio.timeout` does.

    setting: the variable that has its key, or those of which one must be wrong where it is refused.
    """

    name: str
    setting: str

    async def send(self, letter: Letter) -> Reply:
        """Hand a letter over."""

    async def check(self) -> Reply:
        """Ask whether it would take one from us, and send none."""


async def send(providers: Sequence[Provider], letter: Letter, seconds: float = SECONDS) -> list[Answered]:
    """Try one provider after the other; return what each said. Each may take its share of the time that is left."""
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + seconds
    tried: list[Answered] = []
    for left, provider in zip(range(len(providers), 0, -1), providers, strict=True):
        tried.append(await _try(provider, letter, (ends_at - loop.time()) / left))
        if tried[-1].attempt.is_delivered:
            break
    return tried


async def _try(provider: Provider, letter: Letter, seconds: float) -> Answered:
    at, began = datetime.now(UTC), time.monotonic()
    try:
        async with asyncio.timeout(seconds):
            reply = await provider.send(letter)
    except TimeoutError:
        reply = Reply(None, "Not answered in time")
    except OSError as trouble:
        reply = Reply(None, f"{type(trouble).__name__}: {trouble}")
    text = reply.text.replace(letter.to, "the recipient").replace("\0", "")[:KEPT_CHARACTERS]
    said = {"error": text} if reply.code is None else {"answer": text}
    took_ms = int((time.monotonic() - began) * 1000)
    attempt = Attempt(at, took_ms, reply.code, provider=provider.name, **said)
    return Answered(attempt, reply.retry_after_seconds, reply.is_final)
