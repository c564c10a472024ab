"""What can be asked of any list: how much of it, and from where on."""

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

MAX_PAGE = 1_000_000
MAX_LIMIT = 100
DEFAULT_LIMIT = 20
MAX_CURSOR = 1_200  # characters: it may hold a name of 200, each of four bytes

PageNumber = Annotated[int, Meta(ge=1, le=MAX_PAGE, description="Which page, from 1")]
Limit = Annotated[int, Meta(ge=1, le=MAX_LIMIT, description="How many a page")]
Cursor = Annotated[
    str,
    Meta(
        pattern=rf"^[A-Za-z0-9_-]{{22,{MAX_CURSOR}}}$",
        max_length=MAX_CURSOR,
        description="nextCursor of the page before",
    ),
]


class Paged(msgspec.Struct, frozen=True, kw_only=True):
    """Adds the meaning of pages to a query that has `page`, `limit` and `cursor`."""

    def __post_init__(self) -> None:
        if self.cursor is not UNSET and self.page != 1:  # type: ignore[attr-defined]
            raise ValueError("Give either `page` or `cursor`")

    @property
    def offset(self) -> int:
        return int((self.page - 1) * self.limit)  # type: ignore[attr-defined]


class ListQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """The base of what can be asked of a list that goes on by cursor."""

    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | UnsetType = UNSET


class PagedQuery(Paged, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """The base of what can be asked of a list by page or by cursor."""

    page: PageNumber = 1
    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | UnsetType = UNSET
