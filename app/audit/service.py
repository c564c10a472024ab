from app.audit import store
from app.audit.models import Entry
from app.audit.queries import AuditQuery
from app.pools import Pools


class Audit:
    """Reads the audit log; whoever acts writes to it, in the transaction of the act."""

    def __init__(self, pools: Pools) -> None:
        self._reads = pools.reads

    async def find_page(self, query: AuditQuery, *, below_id: int | None = None) -> list[Entry]:
        """Return what `store.find_page` does."""
        return await store.find_page(self._reads, query, below_id=below_id)
