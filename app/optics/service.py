from collections.abc import Iterable

from app.accounts.models import Caller
from app.audit import store as audit
from app.optics import store
from app.optics.models import OTHER
from app.pools import Pools


class Parts:
    """The optics that can be asked for, and `Other` for those that are not in the list."""

    def __init__(self, pools: Pools) -> None:
        self._engine = pools.engine

    async def all(self) -> list[str]:
        async with self._engine.connect() as connection:
            return [*await store.find_all(connection), OTHER]

    async def replace(self, caller: Caller, names: Iterable[str]) -> list[str]:
        """Let these be all parts there are, each once, in any case; return what `all` does."""
        distinct = _distinct(names)
        async with self._engine.begin() as connection:
            await store.replace(connection, distinct)
            await audit.record(
                connection,
                "optics_parts.changed",
                caller.origin,
                actor_id=caller.user.id,
                subject_id=None,
                items=len(distinct),
            )
        return [*distinct, OTHER]


def _distinct(names: Iterable[str]) -> list[str]:
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(name.lower(), name)
    first.pop(OTHER.lower(), None)
    return list(first.values())
