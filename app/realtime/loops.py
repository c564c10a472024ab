import asyncio
from collections.abc import Awaitable, Callable

import structlog

from app.errors import is_unavailable

log = structlog.get_logger(__name__)


async def repeat(step: Callable[[], Awaitable[None]], every_seconds: float) -> None:
    """Run `step` again and again until canceled: an outage, or a fault in one round, must not end what is live."""
    while True:
        try:
            await step()
        except Exception as error:
            if is_unavailable(error):
                log.warning("live_interrupted", step=step.__name__, error=type(error).__name__)
            else:
                log.exception("live_failed", step=step.__name__)
        await asyncio.sleep(every_seconds)
