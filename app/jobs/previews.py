"""Says what a job would do, by the same expressions that would do it. Nothing here changes anything."""

from collections import Counter
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, FromClause, String, and_, bindparam, case, func, select, text, true
from sqlalchemy.ext.asyncio import AsyncConnection

from app.jobs import targets
from app.jobs.operations.operation import NOT_FOUND, Operation
from app.tickets.models import Ticket, tickets

SAMPLE = 10

_TICKET = [tickets.c[name] for name in Ticket.__struct_fields__]


class Preview(msgspec.Struct, frozen=True):
    """How many targets, how many of them in each status, the first few, and how many would fail with which code.

    undo_days: for how long the job could be undone; None if never.
    """

    total: int
    by_status: dict[str, int]
    sample: list[Ticket]
    would_fail: dict[str, int]
    undo_days: int | None


async def of(
    connection: AsyncConnection,
    operation: Operation,
    params: dict[str, Any],
    ticket_ids: list[UUID] | None,
    undo_days: int | None,
) -> Preview:
    """Say what a job would do; `ticket_ids` are the ids that it names, None if it has a filter."""
    rows, wanted, rank = _targets(operation, params, ticket_ids)
    verdict = text(f"({operation.verdict})")
    if ":params" in operation.verdict:
        verdict = verdict.bindparams(bindparam("params", msgspec.json.encode(params).decode(), String))
    items = operation.table.c
    code = case((items.id.is_(None), NOT_FOUND), else_=verdict).label("code")
    counted = await connection.execute(
        select(code, items.status, func.count()).select_from(rows).where(wanted).group_by(code, items.status)
    )
    by_status, by_code = Counter[str](), Counter[str]()
    for name, status, count in counted:
        by_code[name] += count
        if status is not None:
            by_status[status] += count
    first = select(*_TICKET).select_from(rows).where(wanted, tickets.c.id.is_not(None)).order_by(rank).limit(SAMPLE)
    sample = [Ticket(*row) for row in await connection.execute(first)] if operation.table is tickets else []
    failing = {name: count for name, count in by_code.items() if operation.code(name).result == "failed"}
    return Preview(by_code.total(), dict(by_status), sample, failing, undo_days)


async def count(
    connection: AsyncConnection, operation: Operation, params: dict[str, Any], ticket_ids: list[UUID] | None
) -> int:
    """Return a preview's total alone."""
    if ticket_ids is not None:
        return len(ticket_ids)
    matching = select(func.count()).select_from(operation.table).where(targets.filtered(operation, params))
    return await connection.scalar(matching) or 0


def _targets(
    operation: Operation, params: dict[str, Any], ticket_ids: list[UUID] | None
) -> tuple[FromClause, ColumnElement[bool], ColumnElement[Any]]:
    """Return where to look, the condition that picks the targets there, and what they are ordered by."""
    if ticket_ids is None:
        return operation.table, targets.filtered(operation, params), operation.table.c.id
    named = targets.named(ticket_ids)
    return named.outerjoin(tickets, and_(tickets.c.id == named.c.ticket_id)), true(), named.c.rank
