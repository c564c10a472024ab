"""The SQL on webhooks; nothing here commits."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Double, Text, case, cast, delete, func, insert, literal, null, or_, select, text, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from app.times import days
from app.webhooks.models import DisabledReason, Receiver, Webhook, webhooks

OLD_SECRET_DAYS = 1

_WEBHOOK = [webhooks.c[name] for name in Webhook.__struct_fields__]
_ENABLED = webhooks.c.disabled_at.is_(None)
_RESTED = or_(webhooks.c.rests_until.is_(None), webhooks.c.rests_until <= func.now())
_WELL = {"failing_since": None, "rests_until": None}

_IS_MINE = func.pg_try_advisory_xact_lock(func.hashtextextended(literal("webhook ") + cast(webhooks.c.id, Text), 0))
# Lanes hold this lock as long as their transaction lives, so pg_locks knows which webhooks have one at this moment.
_WAITING = text("""
    with held as materialized (
        select (cast(classid as bigint) << 32) | cast(objid as bigint) as key from pg_locks
        where locktype = 'advisory' and objsubid = 1
          and database = (select oid from pg_database where datname = current_database())
    )
    select id from webhooks
    where disabled_at is null and (rests_until is null or rests_until <= now())
      and exists (
          select from deliveries where webhook_id = webhooks.id and status = 'pending' and next_at <= now()
      )
      and not exists (select from held where key = hashtextextended('webhook ' || webhooks.id, 0))
""")


async def find_all(connection: AsyncConnection) -> list[Webhook]:
    """Return them as they were made, the newest first."""
    return [Webhook(*row) for row in await connection.execute(select(*_WEBHOOK).order_by(webhooks.c.id.desc()))]


async def find(connection: AsyncConnection, webhook_id: UUID) -> Webhook | None:
    row = (await connection.execute(select(*_WEBHOOK).where(webhooks.c.id == webhook_id))).one_or_none()
    return Webhook(*row) if row else None


async def count(connection: AsyncConnection) -> int:
    """Return how many there are; until the transaction ends, nobody else adds one."""
    await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("bulkhead webhooks", 0))))
    return await connection.scalar(select(func.count()).select_from(webhooks)) or 0


async def count_states(connection: AsyncConnection) -> dict[str, int]:
    """Return how many are well, how many fail, and how many are disabled."""
    state = case(
        (webhooks.c.disabled_at.is_not(None), "disabled"),
        (webhooks.c.failing_since.is_not(None), "failing"),
        else_="well",
    )
    rows = await connection.execute(select(state, func.count()).group_by(text("1")))
    return {"well": 0, "failing": 0, "disabled": 0} | dict(rows.all())


async def add(connection: AsyncConnection, values: Mapping[str, Any]) -> Webhook:
    return Webhook(*(await connection.execute(insert(webhooks).values(**values).returning(*_WEBHOOK))).one())


async def change(connection: AsyncConnection, webhook_id: UUID, values: Mapping[str, Any]) -> Webhook | None:
    """Write `values`; a webhook that was changed is tried at once."""
    return await _change(connection, webhook_id, {"updated_at": func.clock_timestamp(), "rests_until": None, **values})


async def rouse(connection: AsyncConnection, webhook_id: UUID) -> Webhook | None:
    """Let a webhook be tried at once, however long it was to rest."""
    return await _change(connection, webhook_id, {"rests_until": None})


async def enable(connection: AsyncConnection, webhook_id: UUID) -> None:
    """Let a webhook be sent to as one that has never failed."""
    values = {"disabled_at": None, "disabled_reason": None, **_WELL}
    await connection.execute(update(webhooks).where(webhooks.c.id == webhook_id).values(**values))


async def disable(
    connection: AsyncConnection, webhook_id: UUID, reason: DisabledReason, *, url: str | None = None
) -> bool:
    """Let nothing be sent to a webhook; False where nothing is already, or where it has another URL by now."""
    is_meant = (webhooks.c.id == webhook_id) & _ENABLED & (true() if url is None else webhooks.c.url == url)
    values = {"disabled_at": func.clock_timestamp(), "disabled_reason": reason, **_WELL}
    return bool((await connection.execute(update(webhooks).where(is_meant).values(**values))).rowcount)


async def rotate(connection: AsyncConnection, webhook_id: UUID, secret: str) -> Webhook | None:
    """Sign with another secret, and for a day with the one before as well."""
    values = {
        "old_secret": webhooks.c.secret,
        "old_secret_until": func.now() + days(OLD_SECRET_DAYS),
        "secret": secret,
    }
    return await change(connection, webhook_id, values)


async def remove(connection: AsyncConnection, webhook_id: UUID) -> Webhook | None:
    statement = delete(webhooks).where(webhooks.c.id == webhook_id).returning(*_WEBHOOK)
    row = (await connection.execute(statement)).one_or_none()
    return Webhook(*row) if row else None


async def waiting(connection: AsyncConnection) -> list[UUID]:
    """Return the webhooks that something can be sent to now, and that no lane is with."""
    return list((await connection.execute(_WAITING)).scalars())


async def hold(connection: AsyncConnection, webhook_id: UUID) -> Receiver | None:
    """Be the one lane of a webhook until the transaction ends; None where another one is, or nothing may be sent."""
    is_old_valid = webhooks.c.old_secret_until > func.now()
    failing_seconds = cast(func.extract("epoch", func.now() - webhooks.c.failing_since), Double)
    found = select(
        webhooks.c.url,
        webhooks.c.secret,
        case((is_old_valid, webhooks.c.old_secret), else_=null()),
        failing_seconds,
    ).where(webhooks.c.id == webhook_id, _ENABLED, _RESTED, _IS_MINE)
    row = (await connection.execute(found)).one_or_none()
    if row is None:
        return None
    url, secret, old_secret, failing = row
    return Receiver(webhook_id, url, [secret, old_secret] if old_secret else [secret], failing)


async def note_success(connection: AsyncConnection, webhook_id: UUID) -> None:
    await connection.execute(update(webhooks).where(webhooks.c.id == webhook_id).values(**_WELL))


async def note_failure(connection: AsyncConnection, webhook_id: UUID) -> None:
    """Write down since when nothing has been delivered."""
    is_well = webhooks.c.failing_since.is_(None)
    failing = {"failing_since": func.now()}
    await connection.execute(update(webhooks).where(webhooks.c.id == webhook_id, is_well).values(**failing))


async def rest(connection: AsyncConnection, webhook_id: UUID, seconds: float) -> None:
    """Send nothing to a webhook for so long."""
    until = func.clock_timestamp() + func.make_interval(0, 0, 0, 0, 0, 0, seconds)
    await connection.execute(update(webhooks).where(webhooks.c.id == webhook_id).values(rests_until=until))


async def _change(connection: AsyncConnection, webhook_id: UUID, values: Mapping[str, Any]) -> Webhook | None:
    statement = update(webhooks).where(webhooks.c.id == webhook_id).values(**values).returning(*_WEBHOOK)
    row = (await connection.execute(statement)).one_or_none()
    return Webhook(*row) if row else None
