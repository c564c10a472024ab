"""The SQL on policies and calendars, and on deadlines that have passed; nothing here commits."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Table, bindparam, delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.deadlines.models import Calendar, Policy, calendars, sla_policies
from app.tickets.models import Head

_POLICY = [sla_policies.c[name] for name in Policy.__struct_fields__]
_CALENDAR = [calendars.c[name] for name in Calendar.__struct_fields__]

# Tickets that a bulk job holds are left for the next time.
_BREACH = text("""
    with due as materialized (
        select id, number, requester_id, version, due_at from tickets
        where deleted_at is null and due_at is not null and not breached and due_at <= clock_timestamp()
        order by due_at limit :most for no key update skip locked
    ),
    marked as (
        update tickets set breached = true from due where tickets.id = due.id
    ),
    audited as (
        insert into audit_log (action, subject_id, details)
        select 'ticket.breached', id, jsonb_build_object('dueAt', due_at) from due
    ),
    told as (
        insert into events (type, data)
        select 'ticket.breached', jsonb_build_object(
            'ticket', jsonb_build_object('id', id, 'number', number), 'dueAt', due_at
        ) from due
    ),
    recorded as (
        insert into ticket_changes (ticket_id, changes) select id, '{"breached": [false, true]}' from due
    )
    select id, number, requester_id, version, due_at from due
""").bindparams(bindparam("most", type_=Integer))


async def breach(connection: AsyncConnection, most: int) -> list[tuple[Head, datetime]]:
    """Mark at most so many tickets whose deadline has passed, with their events and rows in audit log and history.

    Returns each with the time at which it was due.
    """
    return [(Head(*ticket), due_at) for *ticket, due_at in await connection.execute(_BREACH, {"most": most})]


async def lock(connection: AsyncConnection) -> None:
    """Until the transaction ends, nobody else writes a policy or a calendar."""
    await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("bulkhead deadlines", 0))))


async def has_name(connection: AsyncConnection, table: Table, name: str, *, besides: UUID | None = None) -> bool:
    """Tell whether there is a row of this name, in any case, that is not the one given."""
    found = await connection.scalar(select(table.c.id).where(func.lower(table.c.name) == func.lower(name)))
    return found not in {None, besides}


async def count(connection: AsyncConnection, table: Table) -> int:
    return await connection.scalar(select(func.count()).select_from(table)) or 0


async def knows_time_zone(connection: AsyncConnection, name: str) -> bool:
    return bool(
        await connection.scalar(
            text("select exists (select from pg_timezone_names where name = :name)"), {"name": name}
        )
    )


async def all_policies(connection: AsyncConnection) -> list[Policy]:
    """Return them in the order in which they are tried."""
    order = (sla_policies.c.position, func.lower(sla_policies.c.name))
    return [Policy(*row) for row in await connection.execute(select(*_POLICY).order_by(*order))]


async def all_calendars(connection: AsyncConnection) -> list[Calendar]:
    """Return them by name."""
    return [
        Calendar(*row) for row in await connection.execute(select(*_CALENDAR).order_by(func.lower(calendars.c.name)))
    ]


async def find_policy(connection: AsyncConnection, policy_id: UUID) -> Policy | None:
    row = (await connection.execute(select(*_POLICY).where(sla_policies.c.id == policy_id))).one_or_none()
    return Policy(*row) if row else None


async def find_calendar(connection: AsyncConnection, calendar_id: UUID) -> Calendar | None:
    row = (await connection.execute(select(*_CALENDAR).where(calendars.c.id == calendar_id))).one_or_none()
    return Calendar(*row) if row else None


async def is_in_use(connection: AsyncConnection, calendar_id: UUID) -> bool:
    found = await connection.scalar(select(sla_policies.c.id).where(sla_policies.c.calendar_id == calendar_id).limit(1))
    return found is not None


async def add(connection: AsyncConnection, table: Table, values: Mapping[str, Any]) -> UUID:
    added: UUID = (await connection.execute(insert(table).values(**values).returning(table.c.id))).scalar_one()
    return added


async def change(connection: AsyncConnection, table: Table, id_: UUID, values: Mapping[str, Any]) -> None:
    await connection.execute(update(table).where(table.c.id == id_).values(**values))


async def remove(connection: AsyncConnection, table: Table, id_: UUID) -> None:
    await connection.execute(delete(table).where(table.c.id == id_))
