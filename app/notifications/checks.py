"""Whether providers take the keys that the settings name: told at the start, before anybody waits for a message."""

import asyncio
from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

import structlog

from app.notifications.providers import Provider, Reply

SECONDS: Final = 15.0
# Of HTTP, where some have 400 for a key that is none and 404 for an account; and of SMTP (RFC 4954).
REFUSALS: Final = {400, 401, 403, 404, 530, 534, 535}
THROTTLED: Final = "<Code>Throttl"  # a 400 of AWS that is no refusal


log = structlog.get_logger(__name__)


class Answer(NamedTuple):
    """`code` is of HTTP or SMTP; None where nothing was said."""

    said: Literal["ready", "refuses", "unreachable"]
    code: int | None


async def check_all(providers: Iterable[Provider]) -> None:
    """Ask providers, and log what they say; a message that one would not take now is kept all the same."""
    await asyncio.gather(*map(_check, providers))


async def ask(provider: Provider) -> Answer:
    """Ask a provider whether it takes our key."""
    try:
        async with asyncio.timeout(SECONDS):
            reply = await provider.check()
    except OSError as trouble:  # a TimeoutError is one, too
        reply = Reply(None, type(trouble).__name__)
    if reply.code is not None and reply.code < 300:  # noqa: PLR2004 - RFC 9110, 15.3, and RFC 5321, 4.2.1
        return Answer("ready", reply.code)
    if reply.code in REFUSALS and THROTTLED not in reply.text:
        return Answer("refuses", reply.code)
    return Answer("unreachable", reply.code)


async def _check(provider: Provider) -> None:
    match await ask(provider):
        case Answer("ready"):
            log.info("provider_ready", provider=provider.name)
        case Answer("refuses", code):
            log.error("provider_refuses_key", provider=provider.name, setting=provider.setting, code=code)
        case Answer(_, code):
            log.warning("provider_unreachable", provider=provider.name, code=code)
