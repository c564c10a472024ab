from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from app.accounts.models import Caller, User
from app.errors import BodyTooLarge, NotFound
from app.http.answers import answer, answers
from app.http.idempotency import REPLAYED, IdempotencyKey, checked_key
from app.http.openapi import protected
from app.http.paging import Cursors
from app.http.query import Reading
from app.idempotency.errors import IdempotencyKeyReused
from app.inventory.errors import OutOfStock
from app.inventory.models import ItemKey
from app.inventory.queries import MovementQuery, ReceivingQuery, StockQuery
from app.inventory.schemas import (
    AdjustStock,
    MovementPage,
    MovementResponse,
    PatchItem,
    ReceiveCable,
    StockPage,
    StockResponse,
)
from app.inventory.service import Inventory

Requesting = Request[User, Any, Any]


class ReceivingController(Controller):
    path = "/api/cable-receiving"
    tags = ("inventory",)
    inventory: Inventory
    cursors: Cursors

    @get(responses=protected(), dependencies={"wanted": Reading(ReceivingQuery)})
    async def list_receiving(self, wanted: NamedDependency[ReceivingQuery]) -> MovementPage:
        """List what came in, newest first."""
        received = MovementQuery(kind="received", limit=wanted.limit)
        found = await self.inventory.find_movements(received, below_id=self.cursors.start_of(wanted, int))
        part = self.cursors.part_of(wanted, found, lambda movement: movement.id)
        return MovementPage(answers(part.items, MovementResponse), part.next_cursor)

    @post(responses=protected(BodyTooLarge, IdempotencyKeyReused))
    async def receive_cable(
        self, request: Requesting, data: JSONBody[ReceiveCable], idempotency_key: IdempotencyKey = None
    ) -> Response[MovementResponse]:
        """Put cables into stock; of a type, gauge and length that there never was, too."""
        request_key = checked_key(idempotency_key)
        received = await self.inventory.receive(request.user, data.key, data.quantity, request_key)
        headers = REPLAYED if received.is_replay else {}
        return Response(answer(received.movement, MovementResponse), headers=headers)


class InventoryController(Controller):
    path = "/api/inventory"
    tags = ("inventory",)
    inventory: Inventory
    cursors: Cursors

    @get("/on-hand", responses=protected(), dependencies={"wanted": Reading(StockQuery)})
    async def list_on_hand(self, wanted: NamedDependency[StockQuery]) -> StockPage:
        """List how many there are of what, by type, gauge and length."""
        found = await self.inventory.find_items(wanted, after=self.cursors.start_of(wanted, ItemKey))
        part = self.cursors.part_of(wanted, found, lambda item: item.key)
        return StockPage(answers(part.items, StockResponse), part.next_cursor)

    @get("/movements", responses=protected(), dependencies={"wanted": Reading(MovementQuery)})
    async def list_movements(self, wanted: NamedDependency[MovementQuery]) -> MovementPage:
        """List what came in and went out, newest first. Nobody can change it; what is wrong is adjusted."""
        found = await self.inventory.find_movements(wanted, below_id=self.cursors.start_of(wanted, int))
        part = self.cursors.part_of(wanted, found, lambda movement: movement.id)
        return MovementPage(answers(part.items, MovementResponse), part.next_cursor)

    @post("/adjustments", responses=protected(NotFound, BodyTooLarge, OutOfStock))
    async def adjust_stock(self, request: Requesting, data: JSONBody[AdjustStock]) -> MovementResponse:
        """Correct how many there are, as someone has counted them."""
        adjusted = await self.inventory.adjust(request.user, data.item_id, data.quantity, data.reason)
        return answer(adjusted, MovementResponse)

    @get("/items/{item_id:str}", responses=protected(NotFound))
    async def read_item(self, item_id: FromPath[UUID]) -> StockResponse:
        return answer(await self.inventory.get_item(item_id), StockResponse)

    @patch("/items/{item_id:str}", responses=protected(NotFound, BodyTooLarge))
    async def patch_item(
        self, caller: NamedDependency[Caller], item_id: FromPath[UUID], data: JSONBody[PatchItem]
    ) -> StockResponse:
        """Say with how many left there is too little of an item: when it comes to that, the audit log tells."""
        return answer(await self.inventory.set_low_at(caller, item_id, data.changes()["low_at"]), StockResponse)
