from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from app.deliveries.models import Status
from app.lists import ListQuery


class DeliveryQuery(ListQuery, frozen=True, kw_only=True):
    """Which deliveries someone asks for."""

    status: Annotated[Status, Meta(description="How they stand")] | UnsetType = UNSET
