"""More tickets than one job may have."""

from collections.abc import AsyncGenerator, Awaitable, Sequence
from typing import Final, Protocol
from uuid import UUID

import msgspec

from .errors import Refused
from .models import JobRequest, Submitted

USUAL_TARGETS: Final = 250_000  # what a job may have unless MAX_TARGETS says something else


class Submit(Protocol):
    def __call__(self, request: JobRequest, *, key: str) -> Awaitable[Submitted]: ...


async def submit(
    submit_one: Submit, request: JobRequest, ticket_ids: Sequence[UUID | str], key: str
) -> AsyncGenerator[Submitted, None]:
    """Submit in parts of the size that the API takes, which it tells when it is asked for too much."""
    size, at, number = USUAL_TARGETS, 0, 1
    while at < len(ticket_ids):
        part = ticket_ids[at : at + size]
        payload = request.payload | {"ticketIds": part}
        try:
            submitted = await submit_one(msgspec.structs.replace(request, payload=payload), key=f"{key}-{number}")
        except Refused as refused:
            limit = refused.body.get("limit")
            if refused.code != "too_many_targets" or not isinstance(limit, int) or not 0 < limit < len(part):
                raise
            size = limit
            continue
        yield submitted
        at, number = at + len(part), number + 1
