"""What can be asked of the lists of jobs and of a job's items."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, field

from app.jobs.models import Result
from app.jobs.status import Status
from app.lists import ListQuery, PagedQuery
from app.text import PLAIN_TEXT
from app.tickets.filters import Number

JobType = Annotated[str, Meta(min_length=1, max_length=64, pattern=PLAIN_TEXT)]
CodeName = Annotated[str, Meta(min_length=1, max_length=32, pattern=PLAIN_TEXT)]
Format = Literal["csv", "ndjson"]
Position = Annotated[int, Meta(ge=0, le=2**31 - 1, description="The first position that is wanted, from 0")]
SeveralStatuses = Annotated[list[Status], Meta(min_length=1, max_length=100)]


class JobQuery(PagedQuery, frozen=True, kw_only=True):
    type: JobType | UnsetType = UNSET
    status: Status | SeveralStatuses | UnsetType = UNSET
    scheduled: Annotated[bool, Meta(description="Whether it waits for its runAt")] | UnsetType = UNSET
    requested_by: UUID | UnsetType = UNSET


class ItemQuery(ListQuery, frozen=True, kw_only=True):
    start: Position = field(default=0, name="from")
    number: Number | UnsetType = UNSET
    result: Result | UnsetType = UNSET
    code: CodeName | UnsetType = UNSET

    def __post_init__(self) -> None:
        if self.cursor is not UNSET and self.start:
            raise ValueError("Give either `from` or `cursor`")


class ExportQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: Format = "csv"
    result: Result | UnsetType = UNSET
    code: CodeName | UnsetType = UNSET
