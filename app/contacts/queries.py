from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from app.lists import ListQuery
from app.text import PLAIN_TEXT

Part = Annotated[
    str,
    Meta(
        min_length=1, max_length=254, pattern=PLAIN_TEXT, description="Part of the name, the e-mail or the organization"
    ),
]


class ContactQuery(ListQuery, frozen=True, kw_only=True):
    """What can be asked of the list of contacts."""

    text: Part | UnsetType = UNSET
