from sqlalchemy.ext.asyncio import AsyncEngine

from app.audit import store
from app.audit.models import Entry, Wanted


class Audit:
    """Reads the audit log; whoever acts writes to it, in the transaction of the act."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def page(self, wanted: Wanted, *, limit: int, below_id: int | None = None) -> list[Entry]:
        """Return entries, newest first, from the first one whose id is below `below_id`."""
        async with self._engine.connect() as connection:
            return await store.page(connection, wanted, below_id=below_id, limit=limit)
