"""Holds the row of each ticket, and each item, against the ticket's history."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncResult

from tests.chaos.history import Item, replay
from tests.chaos.model import Job, Ticket
from tests.chaos.record import Edit, Record, Tried

SHOWN: Final = 5  # how many of the tickets, and of the items, are spelled out
ROWS_AT_ONCE: Final = 1_000

_HISTORIES = text("""
    select target.id, tickets.id is null as is_gone, version, deleted_at is not null as is_deleted, deleted_by_job,
           status, priority, assignee_id, tags, title, coalesce(items, '[]') as items
    from unnest(cast(:tickets as uuid[])) as target (id)
    left join tickets on tickets.id = target.id
    left join (
        select ticket_id, cast(json_agg(json_build_array(at, job_id, result, code, version, before)) as text) as items
        from job_items where job_id = any(:jobs) group by ticket_id
    ) as history on history.ticket_id = target.id
""")
_MADE = text("""
    select ticket_id, at, changes -> 'title' ->> 1 from ticket_changes where changes -> 'title' ->> 1 = any(:titles)
""")
_ITEMS: Final = msgspec.json.Decoder(list[Item])


@dataclass
class Found:
    """How many tickets lack changes that are recorded, have more, or other ones; and what is not true."""

    lost: int = 0
    doubled: int = 0
    wrong: int = 0
    changed: list[str] = field(default_factory=list)  # tickets that are not as their history leaves them
    untrue: list[str] = field(default_factory=list)  # items that are not as their ticket's history wants them

    def shown(self) -> list[str]:
        return [*_first(self.changed), *_first(self.untrue)]

    def compare(self, ticket_id: UUID, now: Ticket | None, expected: Ticket | None) -> None:
        if now == expected:
            return
        self.changed.append(f"ticket {ticket_id} is {now} and ought to be {expected}")
        self.lost += _changes(now) < _changes(expected)
        self.doubled += _changes(now) > _changes(expected)
        self.wrong += _changes(now) == _changes(expected)


async def judge(connection: AsyncConnection, record: Record, rows: Iterable[Any]) -> Found:
    """Judge all tickets of a scenario, from the rows of its jobs."""
    jobs = {row.id: Job(row.id, row.type, msgspec.json.decode(row.params)) for row in rows}
    edits = defaultdict[UUID, list[Edit]](list)
    for edit in [*record.edits, *await _made_of(connection, record.tried)]:
        edits[edit.ticket_id].append(edit)
    found = Found()
    async with connection.stream(_HISTORIES, {"tickets": record.tickets, "jobs": list(jobs)}) as histories:
        async for row in _rows_of(histories):
            ticket, contradictions = replay(_ITEMS.decode(row.items), edits[row.id], jobs)
            found.untrue += [f"ticket {row.id}: {contradiction}" for contradiction in contradictions]
            found.compare(row.id, None if row.is_gone else _ticket_of(row, ticket), ticket)
    return found


async def _rows_of(result: AsyncResult[Any]) -> AsyncIterator[Any]:
    """Take many at a time: a wait for each would take longer than all else."""
    async for rows in result.partitions(ROWS_AT_ONCE):
        for row in rows:
            yield row


async def _made_of(connection: AsyncConnection, tried: Sequence[Tried]) -> list[Edit]:
    """Return the edits that were made of those that were not answered: those that are on record, at the time there.

    One that is on record and not made, or made and not on record, is still seen by its ticket.
    """
    titles = [edit.title for edit in tried]
    return [Edit(*row) for row in await connection.execute(_MADE, {"titles": titles})]


def _ticket_of(row: Any, expected: Ticket | None) -> Ticket:
    """Return a ticket as its row says; its title only if someone changed that."""
    fields = {name: getattr(row, name) for name in Ticket._fields if name not in {"tags", "title"}}
    has_title = expected is not None and expected.title is not None
    return Ticket(**fields, tags=tuple(row.tags), title=row.title if has_title else None)


def _changes(ticket: Ticket | None) -> float:
    """Return how often a ticket was changed; nothing comes after a purge."""
    return float("inf") if ticket is None else ticket.version


def _first(contradictions: Sequence[str]) -> list[str]:
    left = len(contradictions) - SHOWN
    return [*contradictions[:SHOWN], *([f"and {left} more like that"] if left > 0 else [])]
