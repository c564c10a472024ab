import random
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

TICKETS = 10_000
CHUNK_SIZE = 25  # at the default all is done before the bar has moved twice
LIVE, DELETED, UNKNOWN, TWICE = 5_000, 50, 100, 150

_PICK = text("select id from tickets where deleted_at is null order by random() limit :limit")


class Targets(NamedTuple):
    """The ids of the request, by what is to become of them; those in `twice` are also in one of the other lists."""

    live: list[UUID]
    deleted: list[UUID]
    unknown: list[UUID]
    twice: list[UUID]

    @property
    def distinct(self) -> list[UUID]:
        return [*self.live, *self.deleted, *self.unknown]

    def mixed(self) -> list[UUID]:
        ids = [*self.distinct, *self.twice]
        random.shuffle(ids)
        return ids

    def codes(self) -> dict[UUID, str]:
        """Return what is to become of each."""
        return (
            dict.fromkeys(self.live, "deleted")
            | dict.fromkeys(self.deleted, "already_deleted")
            | dict.fromkeys(self.unknown, "not_found")
        )


async def choose(connection: AsyncConnection) -> Targets:
    """Choose among the tickets there are; those in `deleted` are yet to be deleted."""
    ids = list(await connection.scalars(_PICK, {"limit": LIVE + DELETED}))
    live, deleted, unknown = ids[:LIVE], ids[LIVE:], [uuid4() for _ in range(UNKNOWN)]
    return Targets(live, deleted, unknown, random.sample([*live, *deleted, *unknown], TWICE))
