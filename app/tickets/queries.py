from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from app.tickets.models import Tag


class TagQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What can be asked of the list of tags."""

    text: Annotated[Tag, Meta(description="How a tag begins, in any case")] | UnsetType = UNSET
