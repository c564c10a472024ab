"""Lanes of the ways to people: each sends what is due by one of them, some messages at a time."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.deliveries import store as sent
from app.deliveries.models import Channel, Due, Outcome, Reason
from app.deliveries.outcomes import outcome_of
from app.notifications import channels, providers
from app.notifications.channels import Providers
from app.notifications.letters import Letters
from app.notifications.models import Letter
from worker.senders import SendSome

AT_ONCE: Final = 5  # connections to one server of e-mail: the least that big ones allow is 10


class PeopleLanes:
    def __init__(self, letters: Letters, providers_of: Providers, seconds: float = providers.SECONDS) -> None:
        self._letters = letters
        self._providers_of = providers_of
        self._seconds = seconds

    @contextlib.asynccontextmanager
    async def opened(self, lane_id: UUID) -> AsyncIterator[SendSome]:
        """Open the lane of a channel."""
        yield partial(self._send_some, channels.LANES[lane_id])

    async def _send_some(self, channel: Channel, connection: AsyncConnection) -> bool:
        """Claim, send, record and commit; False when nothing is due, or another lane is at it."""
        async with connection.begin():
            if not await channels.hold(connection, channel):
                return False
            due = await sent.claim(connection, channels.of(channel), AT_ONCE)
            if not due:
                return False
            letters = [await self._letters.write(connection, each, channel) for each in due]
            sending = (self._outcome(channel, *each) for each in zip(due, letters, strict=True))
            await sent.record(connection, await asyncio.gather(*sending))
        return True

    async def _outcome(self, channel: Channel, due: Due, letter: Letter | Reason) -> Outcome:
        if not isinstance(letter, Letter):
            return Outcome(due.id, [], "skipped", reason=letter)
        if not self._providers_of[channel]:
            return Outcome(due.id, [], "skipped", reason="not_configured")
        return outcome_of(due, await providers.send(self._providers_of[channel], letter, self._seconds))
