"""Whether providers take the keys that the settings name: told at the start, before anybody waits for a message."""

import asyncio
from collections.abc import Iterable
from typing import Final

import structlog

from app.notifications.providers import Provider, Reply

SECONDS: Final = 15.0
# Of HTTP, where some have 400 for a key that is none and 404 for an account; and of SMTP (RFC 4954).
REFUSALS: Final = {400, 401, 403, 404, 530, 534, 535}
THROTTLED: Final = "<Code>Throttl"  # a 400 of AWS that is no refusal

log = structlog.get_logger(__name__)


async def check_all(providers: Iterable[Provider]) -> None:
    await asyncio.gather(*map(_check, providers))


async def _check(provider: Provider) -> None:
    """Ask a provider, and log what it says; a message that it would not take now is kept all the same."""
    try:
        async with asyncio.timeout(SECONDS):
            reply = await provider.check()
    except OSError as trouble:  # a TimeoutError is one, too
        reply = Reply(None, type(trouble).__name__)
    if reply.code is not None and reply.code < 300:  # noqa: PLR2004 - RFC 9110, 15.3, and RFC 5321, 4.2.1
        log.info("provider_ready", provider=provider.name)
    elif reply.code in REFUSALS and THROTTLED not in reply.text:
        log.error("provider_refuses_key", provider=provider.name, setting=provider.setting, code=reply.code)
    else:
        log.warning("provider_unreachable", provider=provider.name, code=reply.code)
