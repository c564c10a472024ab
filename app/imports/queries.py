from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from app.imports.models import MAX_COLUMNS, Format
from app.lists import ListQuery
from app.text import PLAIN_TEXT

MAP = "`column:field`, where a column's name does not tell, and `column:` for one to be left out"
ColumnAndField = Annotated[str, Meta(min_length=1, max_length=200, pattern=PLAIN_TEXT)]


class ImportQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a file is to be read."""

    format: Format | UnsetType = UNSET
    map: (
        ColumnAndField
        | Annotated[
            list[ColumnAndField],
            Meta(min_length=1, max_length=MAX_COLUMNS, description=MAP),
        ]
        | UnsetType
    ) = UNSET

    @property
    def pairs(self) -> list[str]:
        return self.map if isinstance(self.map, list) else [self.map] if self.map is not UNSET else []


class ProblemQuery(ListQuery, frozen=True, kw_only=True):
    """What can be asked of the list of what is wrong with a file."""
