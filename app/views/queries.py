from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from app.lists import ListQuery

MAX_COUNTED = 20


class ViewQuery(ListQuery, frozen=True, kw_only=True):
    """What can be asked of the list of views."""


class CountQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of which views someone wants to know how many tickets they match."""

    view: UUID | Annotated[list[UUID], Meta(min_length=1, max_length=MAX_COUNTED)]

    @property
    def view_ids(self) -> list[UUID]:
        return list(dict.fromkeys(self.view if isinstance(self.view, list) else [self.view]))
