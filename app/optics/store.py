"""The SQL on the list of parts; nothing here commits."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.optics.models import optics_parts

_LOCK = text("lock table optics_parts in share row exclusive mode")  # others go on reading


async def find_all(connection: AsyncConnection) -> list[str]:
    return list((await connection.execute(select(optics_parts.c.name).order_by(optics_parts.c.position))).scalars())


async def replace(connection: AsyncConnection, names: Sequence[str]) -> None:
    """Let these be all parts there are, in this order."""
    await connection.execute(_LOCK)
    await connection.execute(delete(optics_parts))
    rows = [{"position": position, "name": name} for position, name in enumerate(names)]
    if rows:
        await connection.execute(insert(optics_parts), rows)
