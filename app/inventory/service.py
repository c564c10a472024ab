from uuid import UUID

from app.accounts.models import Caller, User
from app.audit import store as audit
from app.errors import InvalidRequest, NotFound
from app.events.outbox import Outbox
from app.idempotency import store as keys
from app.inventory import ledger, store
from app.inventory.models import Item, ItemKey, Movement, Received
from app.inventory.queries import MovementQuery, StockQuery
from app.pools import Pools


class Inventory:
    """What is in stock, and what came in and went out; fulfilling a ticket calls `ledger.issue` by itself."""

    def __init__(self, pools: Pools, outbox: Outbox) -> None:
        self._engine = pools.engine
        self._outbox = outbox

    async def find_items(self, query: StockQuery, *, after: ItemKey | None = None) -> list[Item]:
        """Return what `store.find_items` does."""
        async with self._engine.connect() as connection:
            return await store.find_items(connection, query, after=after)

    async def find_movements(self, query: MovementQuery, *, below_id: int | None = None) -> list[Movement]:
        """Return what `store.find_movements` does."""
        async with self._engine.connect() as connection:
            return await store.find_movements(connection, query, below_id=below_id)

    async def get_item(self, item_id: UUID) -> Item:
        """Raise `NotFound` for an item that is not there."""
        async with self._engine.connect() as connection:
            return _require(await store.find_item(connection, item_id))

    async def set_low_at(self, caller: Caller, item_id: UUID, low_at: int | None) -> Item:
        """Say with how many left there is too little of an item; raise `NotFound` for one that is not there."""
        async with self._engine.begin() as connection:
            before = _require(await store.lock_item(connection, item_id))
            item = await store.set_low_at(connection, item_id, low_at)
            await audit.record(
                connection,
                "inventory.changed",
                caller.origin,
                actor_id=caller.user.id,
                subject_id=item_id,
                details={"name": " ".join(item.key), "lowAt": [before.low_at, low_at]},
            )
            return item

    async def receive(self, user: User, key: ItemKey, quantity: int, request_key: str | None = None) -> Received:
        """Do what `ledger.receive` does, or find what it did for a request that had this `request_key` before.

        Raises:
            IdempotencyKeyReused: the key was used for another request.
        """
        received = await self._receive(user, key, quantity, request_key)
        if request_key is not None:
            keys.note_outcome(is_replay=received.is_replay)
        return received

    async def _receive(self, user: User, key: ItemKey, quantity: int, request_key: str | None) -> Received:
        async with self._engine.begin() as connection:
            if request_key is None:
                return Received(await ledger.receive(connection, key, quantity, actor_id=user.id))
            fingerprint = keys.digest("/api/cable-receiving", [*key, quantity])
            claimed = await keys.claim(connection, user.id, request_key, fingerprint)
            if claimed.movement_id is not None:
                return Received(await store.get_movement(connection, claimed.movement_id), is_replay=True)
            movement = await ledger.receive(connection, key, quantity, actor_id=user.id)
            await keys.note_movement(connection, user.id, request_key, movement.id)
            return Received(movement)

    async def adjust(self, user: User, item_id: UUID, quantity: int, reason: str) -> Movement:
        """Do what `ledger.adjust` does.

        Raises:
            InvalidRequest: it would change nothing.
            NotFound, OutOfStock: as `ledger.adjust` does.
        """
        if quantity == 0:
            raise InvalidRequest.at("$.quantity", "Must not be 0")
        async with self._engine.begin() as connection:
            adjusted = await ledger.adjust(connection, item_id, quantity, reason, actor_id=user.id)
        await self._outbox.wake()
        return adjusted


def _require(item: Item | None) -> Item:
    if item is None:
        raise NotFound("There is no item with this id.")
    return item
