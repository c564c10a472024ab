from collections.abc import Mapping
from typing import Any

from app.errors import Conflict, Problem


class OutOfStockProblem(Problem, frozen=True, kw_only=True, rename="camel"):
    """`onHand` is how many there are at this moment."""

    on_hand: int


class OutOfStock(Conflict):
    """There are not so many of it in stock: `onHand` says how many there are."""

    code = "out_of_stock"
    problem = OutOfStockProblem
    example: Mapping[str, Any] = {"on_hand": 1}

    def __init__(self, on_hand: int) -> None:
        super().__init__(on_hand=on_hand)
