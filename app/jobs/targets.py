"""Queries that find the tickets which a job is about.

Each returns `ticket_id`, `rank`, by which they are ordered, and `source_position`: for an undo, where the ticket is
among the items of the job that is undone; null otherwise.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Subquery,
    Uuid,
    and_,
    column,
    func,
    literal,
    null,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.imports.models import import_rows
from app.jobs.models import job_chunks, job_items
from app.jobs.operations.operation import Operation
from app.tickets.filters import TicketFilter
from app.tickets.matching import matching
from app.tickets.models import tickets

_NO_SOURCE = null().cast(Integer).label("source_position")

# The items that changed their ticket, and so can be undone.
CHANGED = and_(job_items.c.result == "succeeded", job_items.c.version.is_not(None))


def of(operation: Operation, params: dict[str, Any]) -> Subquery:
    """Return the targets of a job that was posted without ids."""
    if "retries" in params:
        return _to_retry(operation, UUID(params["retries"]), params.get("undoes"))
    if "undoes" in params:
        return _to_undo(UUID(params["undoes"]))
    by_id = operation.table.c.id
    return (
        select(by_id.label("ticket_id"), by_id.label("rank"), _NO_SOURCE).where(filtered(operation, params)).subquery()
    )


def filtered(operation: Operation, params: dict[str, Any]) -> ColumnElement[bool]:
    """Return the condition on an operation's table that stands for a job's import, or its filter and its exceptions."""
    if "importId" in params:
        return import_rows.c.import_id == UUID(params["importId"])
    wanted = matching(msgspec.convert(params["filter"], TicketFilter), deleted=operation.filters_deleted)
    excluded = [UUID(ticket_id) for ticket_id in params.get("excludeIds", [])]
    return and_(wanted, tickets.c.id != func.all(literal(excluded, ARRAY(Uuid)))) if excluded else and_(wanted)


def named(ticket_ids: Sequence[UUID]) -> Subquery:
    """Return the targets of a job that was posted with ids."""
    item = (
        func.unnest(literal(ticket_ids, ARRAY(Uuid)))
        .table_valued(column("ticket_id", Uuid), with_ordinality="rank", name="item")
        .render_derived()
    )
    return select(item.c.ticket_id, item.c.rank, _NO_SOURCE).subquery()


def left_over(operation: Operation, job_id: UUID) -> CompoundSelect[Any]:
    """Return the tickets for a retry: those that failed in a way that may pass, and those that nobody tried."""
    failed = select(job_items.c.ticket_id, job_items.c.position.label("rank")).where(
        job_items.c.job_id == job_id, job_items.c.result == "failed", job_items.c.code.in_(operation.retryable_codes)
    )
    item = (
        func.unnest(job_chunks.c.ticket_ids)
        .table_valued(column("ticket_id", Uuid), with_ordinality="ordinality", name="item")
        .render_derived()
    )
    rank = (job_chunks.c.first_position + item.c.ordinality - 1).cast(Integer)
    untried = (
        select(item.c.ticket_id, rank.label("rank"))
        .select_from(job_chunks.join(item, true()))
        .where(job_chunks.c.job_id == job_id, job_chunks.c.state == "pending")
    )
    return union_all(failed, untried)


def _to_retry(operation: Operation, job_id: UUID, undoes: str | None) -> Subquery:
    rows = left_over(operation, job_id).subquery()
    if undoes is None:
        return select(rows.c.ticket_id, rows.c.rank, _NO_SOURCE).subquery()
    source = and_(job_items.c.job_id == UUID(undoes), job_items.c.ticket_id == rows.c.ticket_id)
    position = job_items.c.position.label("source_position")
    return select(rows.c.ticket_id, rows.c.rank, position).join(job_items, source).subquery()


def _to_undo(job_id: UUID) -> Subquery:
    position = job_items.c.position
    return (
        select(job_items.c.ticket_id, position.label("rank"), position.label("source_position"))
        .where(job_items.c.job_id == job_id, CHANGED)
        .subquery()
    )
