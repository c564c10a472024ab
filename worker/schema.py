"""Waits for the schema that this code is made for: whoever replaces both at once may have the worker here first."""

import asyncio
import contextlib
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from app import revisions
from app.outages import is_unavailable
from app.reads import ConnectionReader

LOOK_SECONDS: Final = 1.0

log = structlog.get_logger(__name__)


async def wait(engine: AsyncEngine, stop: asyncio.Event) -> None:
    """Return once the database has that schema, or a newer one, or when `stop` is set.

    Over an older one the first statement that asks for something new would fail, and with it all items of a job.
    """
    newest = revisions.head()
    while not stop.is_set() and await _is_behind(engine, newest):
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), LOOK_SECONDS)


async def _is_behind(engine: AsyncEngine, newest: str) -> bool:
    """Tell whether the schema is older than `newest`, or nobody can say."""
    try:
        async with engine.connect() as connection:
            revision = await revisions.at(ConnectionReader(connection))
    except Exception as error:
        if is_unavailable(error):
            log.warning("schema_unknown", error=type(error).__name__)
        else:
            log.exception("schema_unknown")
        return True
    if revisions.state_of(revision, newest) != "behind":
        return False
    log.warning("schema_behind", revision=revision, newest=newest)
    return True
