"""More tickets than one job may have."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import Final, TypeVar
from uuid import UUID

import msgspec

from .errors import Refused
from .models import JobRequest

T = TypeVar("T")
USUAL_TARGETS: Final = 250_000  # what a job may have unless MAX_TARGETS says something else

Ask = Callable[[JobRequest, int], Awaitable[T]]


async def each(request: JobRequest, ticket_ids: Sequence[UUID | str], ask: Ask[T]) -> AsyncGenerator[T, None]:
    """Ask for parts of the size that the API takes, which it tells when asked for too much; number them from 1."""
    size, at, number = USUAL_TARGETS, 0, 1
    while at < len(ticket_ids):
        part = ticket_ids[at : at + size]
        try:
            answer = await ask(msgspec.structs.replace(request, payload=request.payload | {"ticketIds": part}), number)
        except Refused as refused:
            limit = refused.body.get("limit")
            if refused.code != "too_many_targets" or not isinstance(limit, int) or not 0 < limit < len(part):
                raise
            size = limit
            continue
        yield answer
        at, number = at + len(part), number + 1
