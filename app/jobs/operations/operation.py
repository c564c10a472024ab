"""What a type of bulk job is: a request that may be posted, and an operation that says in SQL what it does."""

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType
from sqlalchemy.ext.asyncio import AsyncConnection

from app.jobs.models import Priority
from app.settings import Settings
from app.text import PLAIN_TEXT
from app.tickets.filters import TicketFilter
from app.times import Moment, in_utc

MAX_EXCLUDED = 10_000

Reason = Annotated[str, Meta(min_length=1, max_length=500, pattern=PLAIN_TEXT, description="For the audit log")]
TicketIds = Annotated[list[UUID], Meta(min_length=1, description="At most MAX_TARGETS; repeated ids count once")]


class Code(Struct, frozen=True):
    """What became of an item, in a word for programs and a sentence for people."""

    result: Literal["succeeded", "failed"]
    message: str
    is_retryable: bool = False


# Codes that any operation's items can end with.
NOT_FOUND = "not_found"
ERROR = "error"
_GENERAL = {
    NOT_FOUND: Code("failed", "There is no ticket with this id."),
    ERROR: Code("failed", "The database refused to change this ticket.", is_retryable=True),
}


class Targets(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, rename="camel"):
    """Which tickets: ids, or a filter with exceptions, which is frozen when a worker prepares the job."""

    ticket_ids: TicketIds | UnsetType = UNSET
    filter: TicketFilter | UnsetType = UNSET
    exclude_ids: Annotated[list[UUID], Meta(max_length=MAX_EXCLUDED, description="Of the filter's tickets")] = []
    all: Annotated[bool, Meta(description="Has to stand beside an empty filter, which matches every ticket")] = False

    def __post_init__(self) -> None:
        if (self.ticket_ids is UNSET) is (self.filter is UNSET):
            raise ValueError("Give either `ticketIds` or `filter`, and not both")
        if self.filter is UNSET and (self.exclude_ids or self.all):
            raise ValueError("`excludeIds` and `all` go with `filter` only")
        if self.filter is not UNSET and self.filter.is_empty and not self.all:
            raise ValueError('An empty `filter` matches every ticket; if you mean that, say `"all": true` beside it')


# What `Targets.__post_init__` asks for, as JSON Schema.
ONE_KIND_OF_TARGETS: dict[str, Any] = {
    "oneOf": [
        {"required": ["ticketIds"], "properties": {"excludeIds": {"maxItems": 0}, "all": {"const": False}}},
        {"required": ["filter"], "properties": {"filter": {"minProperties": 1}}},
        {"required": ["filter", "all"], "properties": {"filter": {"maxProperties": 0}, "all": {"const": True}}},
    ]
}


class JobRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", tag_field="type"):
    """What every type of job can be posted with; a type adds its tag and its `payload`."""

    payload: Annotated[Targets, Meta(extra_json_schema=ONE_KIND_OF_TARGETS)]
    reason: Reason | None = None
    priority: Priority = "normal"
    run_at: Annotated[Moment | None, Meta(description="When to begin; now, if left out")] = None
    max_items_per_second: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
    expected_count: Annotated[int, Meta(ge=0, description="409 `count_changed` if there are more or fewer")] | None = (
        None
    )

    def __post_init__(self) -> None:
        if self.run_at is not None:
            in_utc(self.run_at)

    @property
    def type(self) -> str:
        return str(self.__struct_config__.tag)

    def distinct_ids(self) -> list[UUID] | None:
        """Return the ids that were given, each once and in their order; None for a filter."""
        ids = self.payload.ticket_ids
        return None if ids is UNSET else list(dict.fromkeys(ids))

    def params(self, _: Settings) -> dict[str, Any]:
        """Return what is stored with the job: the payload, but for the ids, which go into chunks."""
        payload = msgspec.to_builtins(self.payload)
        return {name: value for name, value in payload.items() if name not in {"ticketIds", "all"}}

    async def check(self, connection: AsyncConnection) -> None:
        """Raise `InvalidRequest` for what only the database can tell."""


class Operation(Struct, frozen=True, kw_only=True):
    """A type of bulk job, in SQL over `tickets`, where `:job_id` is the job and `:params` what it was posted with.

    verdict: an expression that says as a code what is to become of a ticket; a preview counts by it too.
    change: a statement that changes the tickets in `locked(id, verdict)` that have the right verdict, and returns their
        `id` and `version`.
    before: an expression for the fields that the change overwrites, which an undo restores.
    source, join, restores: a common table expression, how `tickets` joins it, what of it `change` finds in `locked`.
    request: what is posted; None where a job of this type comes to be in another way.
    """

    request: type[JobRequest] | None = None
    type: str
    codes: dict[str, Code]
    verdict: str
    change: str
    before: str = "cast(null as jsonb)"
    source: str = ""
    join: str = ""
    restores: str = "null"
    filters_deleted: bool = False  # whether a filter that does not say so means deleted tickets
    is_undoable: bool = True

    def code(self, name: str) -> Code:
        return self.all_codes[name]

    @property
    def all_codes(self) -> dict[str, Code]:
        return self.codes | _GENERAL

    @property
    def succeeding_codes(self) -> list[str]:
        return [name for name, code in self.codes.items() if code.result == "succeeded"]

    @property
    def retryable_codes(self) -> list[str]:
        return [name for name, code in self.all_codes.items() if code.is_retryable]
