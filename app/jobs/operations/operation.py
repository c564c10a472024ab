"""What a type of bulk job is: a request that may be posted, and an operation that says in SQL what it does."""

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType, structs
from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection

from app.jobs.models import Priority
from app.settings import Settings
from app.text import PLAIN_TEXT
from app.tickets.filters import TicketFilter
from app.tickets.models import tickets
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
    """Which tickets a job is about: those with these ids, or those that a filter matches, but for `exclude_ids`.

    What the filter matches is looked up once, when a worker begins with the job.
    """

    ticket_ids: TicketIds | UnsetType = UNSET
    filter: TicketFilter | UnsetType = UNSET
    exclude_ids: Annotated[
        list[UUID], Meta(max_length=MAX_EXCLUDED, description="Tickets to leave out of what the filter matches")
    ] = []
    all: Annotated[bool, Meta(description="Must be true beside an empty filter, which matches every ticket")] = False

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
        {
            "required": ["ticketIds"],
            "not": {"required": ["filter"]},
            "properties": {"excludeIds": {"maxItems": 0}, "all": {"const": False}},
        },
        {
            "required": ["filter"],
            "not": {"required": ["ticketIds"]},
            "properties": {"filter": {"minProperties": 1}},
        },
        {
            "required": ["filter", "all"],
            "not": {"required": ["ticketIds"]},
            "properties": {"filter": {"maxProperties": 0}, "all": {"const": True}},
        },
    ]
}


class JobRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", tag_field="type"):
    """What every type of job can be posted with; a type adds its tag and its `payload`."""

    reason: Reason | None = None
    priority: Priority = "normal"
    run_at: Annotated[Moment | None, Meta(description="When to begin; now, if left out")] = None
    # Whole numbers, however they are spelled: to JSON Schema 5.0 is an integer.
    max_items_per_second: Annotated[float, Meta(ge=1, le=1_000_000, multiple_of=1)] | None = None
    expected_count: (
        Annotated[float, Meta(ge=0, multiple_of=1, description="409 `count_changed` if there are more or fewer")] | None
    ) = None

    def __post_init__(self) -> None:
        if self.run_at is not None:
            in_utc(self.run_at)

    @property
    def type(self) -> str:
        return str(self.__struct_config__.tag)

    @property
    def ticket_ids(self) -> list[UUID] | None:
        """Return the ids that were given; None if the targets are to be looked up."""
        return None

    def distinct_ids(self) -> list[UUID] | None:
        """Return the ids that were given, each once and in their order."""
        ids = self.ticket_ids
        return None if ids is None else list(dict.fromkeys(ids))

    def params(self, _: Settings) -> dict[str, Any]:
        """Return what is stored with the job."""
        raise NotImplementedError

    async def check(self, connection: AsyncConnection) -> None:
        """Raise `InvalidRequest` for what only the database can tell."""


class TicketsRequest(JobRequest, frozen=True, kw_only=True):
    """The base of requests about tickets that there are."""

    payload: Annotated[Targets, Meta(extra_json_schema=ONE_KIND_OF_TARGETS)]

    @property
    def ticket_ids(self) -> list[UUID] | None:
        return self.payload.ticket_ids or None

    def params(self, _: Settings) -> dict[str, Any]:
        """Return the payload, but for the ids, which go into chunks."""
        payload = self.payload
        if payload.ticket_ids is not UNSET:
            payload = structs.replace(payload, ticket_ids=payload.ticket_ids[:1])  # not all made texts in vain
        built = msgspec.to_builtins(payload)
        return {name: value for name, value in built.items() if name not in {"ticketIds", "all"}}


class Operation(Struct, frozen=True, kw_only=True, eq=False):
    """What a type of bulk job does, in SQL. `:job_id` is the job's id, `:params` is what it was posted with.

    table: what an item is a row of, known by `id`: `tickets`, or `import_rows`, whose ids are those of tickets to be.
    verdict: an expression over that table that gives a code for each ticket. A preview counts with the same expression.
    change: a statement that changes those tickets in `locked (id, verdict, restores)` whose verdict asks for it, and
        returns the `id` and `version` of each. A chunk's tickets have been locked by then. It looks them up by an
        array: where the planner takes a table for empty that has just been filled, it would read all of it for a join.
    before: an expression over `tickets` for the fields that `change` overwrites, as JSON; an undo restores them.
    outcome: the code of an item, made of `locked` and of what `change` returned as `changed`: the verdict, but for a
        change that can come to nothing after it.
    source, join, restores: for a change that needs another table: a common table expression that reads it, the join of
        the table with that, and an expression over both that `change` finds as `locked.restores`.
    taking: common table expressions that follow `locked`, and that `change` can refer to.
    fulfilling: what does it in its place where tickets become `fulfilled`; other jobs do not pay for what that takes.
    undo: the type of job that undoes this one; None if nothing does.
    request: what clients post; None for a type of which jobs are made in another way.
    """

    request: type[JobRequest] | None = None
    type: str
    codes: dict[str, Code]
    table: Table = tickets
    verdict: str
    change: str
    outcome: str = "locked.verdict"
    before: str = "cast(null as jsonb)"
    source: str = ""
    join: str = ""
    restores: str = "null"
    taking: str = ""
    fulfilling: "Operation | None" = None
    filters_deleted: bool = False  # whether a filter that does not say so means deleted tickets
    undo: str | None = "bulk-undo"

    def doing(self, params: dict[str, Any]) -> "Operation":
        """Return the operation that does what a job was posted with."""
        return self.fulfilling if self.fulfilling and params.get("status") == "fulfilled" else self

    @property
    def is_undoable(self) -> bool:
        return self.undo is not None

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
