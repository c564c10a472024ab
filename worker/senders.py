"""Lanes of deliveries: each sends what is due to one webhook, or by one way to people; a transaction some of these.

Their rows are locked while they are sent. A lane that dies takes its transaction with it, and Postgres sets them free.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Final, Protocol
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.deliveries.queue import WakeUps
from app.notifications import channels
from app.outages import is_unavailable

LANES: Final = 10  # that one worker process has at the same time, each with a connection to Postgres
SLICE_SECONDS: Final = 2.0  # then others get their turn
STATEMENT_SECONDS: Final = 15.0
IDLE_SECONDS: Final = 18.0  # of a transaction, while a receiver takes its time: more than a request may take

SendSome = Callable[[AsyncConnection], Awaitable[bool]]

log = structlog.get_logger(__name__)


class Lanes(Protocol):
    def opened(self, lane_id: UUID) -> AbstractAsyncContextManager[SendSome]:
        """Open a lane: a function that sends some deliveries in a transaction, and tells if there were any."""


class Senders:
    """Runs lanes of this process until `stop` is set."""

    def __init__(
        self,
        engine: AsyncEngine,
        wake_ups: WakeUps,
        webhooks: Lanes,
        people: Lanes,
        *,
        stop: asyncio.Event,
        clock: Callable[[], float],
    ) -> None:
        self._engine = engine
        self._wake_ups = wake_ups
        self._webhooks = webhooks
        self._people = people
        self._stop = stop
        self._clock = clock

    async def run(self, lane_id: UUID) -> None:
        """Send until nothing is due, or the time slice is over: then others get their turn."""
        with structlog.contextvars.bound_contextvars(delivery_lane=str(lane_id)):
            try:
                await self._run(lane_id)
            except Exception as error:  # one lane's failure must not end the worker
                if is_unavailable(error):
                    log.warning("sending_interrupted", error=type(error).__name__)
                else:
                    log.exception("sending_failed")

    async def _run(self, lane_id: UUID) -> None:
        ends_at = self._clock() + SLICE_SECONDS
        lanes = self._people if lane_id in channels.LANES else self._webhooks
        async with self._engine.connect() as connection, lanes.opened(lane_id) as send_some:
            while await send_some(connection):
                if self._stop.is_set() or self._clock() >= ends_at:
                    await self._wake_ups.wake([lane_id])
                    return
