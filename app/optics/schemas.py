from typing import Annotated

from msgspec import Meta, Struct

from app.optics.models import Name

MOST = 1_000


class PutParts(Struct, frozen=True, forbid_unknown_fields=True):
    parts: Annotated[
        list[Name], Meta(max_length=MOST, description="In their order; repeated ones, in any case, count once")
    ]


class PartList(Struct, frozen=True):
    """The parts that can be asked for; the last one is `Other`, whatever else there is."""

    parts: list[str]
