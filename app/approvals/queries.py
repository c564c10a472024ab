from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from app.text import PLAIN_TEXT

Part = Annotated[str, Meta(min_length=1, max_length=64, pattern=PLAIN_TEXT, description="Part of the name")]


class ApproverQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What can be asked of the list of those who decide."""

    text: Part | UnsetType = UNSET
