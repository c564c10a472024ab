"""The SQL that records what was changed by hand; nothing here commits: a change and its row are one transaction."""

from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from app.changes.models import ticket_changes


async def record(
    connection: AsyncConnection,
    ticket_id: UUID,
    changes: dict[str, tuple[Any, Any]],
    *,
    actor_id: UUID | None,
    version: int | None = None,
    internal: bool = False,
    reason: str | None = None,
) -> None:
    """Record fields, by the names that answers have, with what they were and what they are, both as JSON has it.

    version: the ticket's after the change; None where the ticket itself stayed as it was.
    internal: whether only agents and admins may know.
    """
    values = {
        "ticket_id": ticket_id,
        "actor_id": actor_id,
        "version": version,
        "internal": internal,
        "changes": changes,
        "reason": reason,
    }
    await connection.execute(insert(ticket_changes).values(**values))
