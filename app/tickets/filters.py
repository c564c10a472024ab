"""Which tickets someone means: one filter for lists, previews and bulk jobs."""

from typing import Annotated, Protocol, TypeVar
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, structs, to_builtins
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import User
from app.errors import InvalidRequest
from app.lists import DEFAULT_LIMIT, Cursor, Limit, Paged, PageNumber
from app.text import PLAIN_TEXT
from app.tickets.models import Priority, Sla, Sort, Tag
from app.tickets.status import Status
from app.tickets.types.fields import SoughtFields
from app.tickets.types.registry import TypeName
from app.times import Moment, in_utc

TEXT = (
    "Words that the title, description, comments or contact have, by their beginning; a number; or "
    '"words in quotes" as they stand. Requesters do not find by contact or internal comments'
)
SORT = "By which time; with a minus sign: latest first. By `relevance`, without a text: as by `-created`"
Text = Annotated[str, Meta(min_length=1, max_length=255, pattern=PLAIN_TEXT, description=TEXT)]
Number = Annotated[int, Meta(ge=1, le=2**53 - 1, description="What people know a ticket by")]
MAX_VALUES = 100
ME, NONE = "me", "none"
SeveralStatuses = Annotated[list[Status], Meta(min_length=1, max_length=MAX_VALUES)]
SeveralTypes = Annotated[list[TypeName], Meta(min_length=1, max_length=MAX_VALUES)]
SeveralPriorities = Annotated[list[Priority], Meta(min_length=1, max_length=MAX_VALUES)]
# `(?!\n)` because to Python a line's end may follow what `$` matches.
_ID = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
Requester = Annotated[str, Meta(pattern=rf"^({_ID}|me)$(?!\n)", description="An id, or `me`: whoever asks")]
Assignee = Annotated[
    str, Meta(pattern=rf"^({_ID}|me|none)$(?!\n)", description="An id, `me`: whoever asks, or `none`: nobody")
]
SeveralRequesters = Annotated[list[Requester], Meta(min_length=1, max_length=MAX_VALUES)]
SeveralAssignees = Annotated[list[Assignee], Meta(min_length=1, max_length=MAX_VALUES)]
SeveralContacts = Annotated[list[UUID], Meta(min_length=1, max_length=MAX_VALUES)]
SeveralTags = Annotated[list[Tag], Meta(min_length=1, max_length=MAX_VALUES)]
SeveralSlas = Annotated[list[Sla], Meta(min_length=1, max_length=MAX_VALUES)]
SLA = "Late; due within an hour; due later. What is not due at all is none of them"


class SavedFilter(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """All fields that are given must hold; of a list, one value. After is inclusive, before exclusive.

    `fields` are those that a type of ticket has, and hold where they are exactly so.
    """

    status: Status | SeveralStatuses | UnsetType = UNSET
    type: TypeName | SeveralTypes | UnsetType = UNSET
    priority: Priority | SeveralPriorities | UnsetType = UNSET
    assignee_id: Assignee | SeveralAssignees | UnsetType = UNSET
    requester_id: Requester | SeveralRequesters | UnsetType = UNSET
    contact_id: (
        Annotated[UUID | SeveralContacts, Meta(description="Whom the ticket is for; for agents and admins")] | UnsetType
    ) = UNSET
    tags: Tag | SeveralTags | UnsetType = UNSET
    sla: Annotated[Sla | SeveralSlas, Meta(description=SLA)] | UnsetType = UNSET
    text: Text | UnsetType = UNSET
    created_after: Moment | UnsetType = UNSET
    created_before: Moment | UnsetType = UNSET
    updated_after: Moment | UnsetType = UNSET
    updated_before: Moment | UnsetType = UNSET
    deleted: bool | UnsetType = UNSET
    fields: Annotated[SoughtFields, Meta(extra_json_schema={"minProperties": 1})] | UnsetType = UNSET

    def __post_init__(self) -> None:
        if self.fields is not UNSET and not to_builtins(self.fields):
            raise ValueError("`fields` names none")  # an empty filter must not look like one that is not
        for moment in (self.created_after, self.created_before, self.updated_after, self.updated_before):
            if moment is not UNSET:
                in_utc(moment)

    @property
    def is_for_staff(self) -> bool:
        """Whether it asks for what requesters know nothing of: deleted tickets, or whom tickets are for."""
        return self.deleted is True or self.contact_id is not UNSET

    @property
    def is_empty(self) -> bool:
        return all(value is UNSET for value in structs.asdict(self).values())


class TicketFilter(SavedFilter, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """As a saved filter, which it can name."""

    view: Annotated[UUID, Meta(description="A saved view: its fields hold where none is given here")] | UnsetType = (
        UNSET
    )


class TicketQuery(TicketFilter, Paged, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """What can be asked of the list of tickets."""

    number: Number | UnsetType = UNSET
    sort: Annotated[Sort, Meta(description=SORT)] = "relevance"
    page: PageNumber = 1
    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | UnsetType = UNSET

    def __post_init__(self) -> None:
        TicketFilter.__post_init__(self)
        Paged.__post_init__(self)
        if self.sort == "relevance" and self.text is UNSET and self.view is UNSET:
            structs.force_setattr(self, "sort", "-created")


Filter = TypeVar("Filter", bound=TicketFilter)


def meant_by(user: User, wanted: Filter) -> Filter:
    """Return a filter that means the same whoever uses it: with a user's id in the place of `me`."""
    people = {"assignee_id": wanted.assignee_id, "requester_id": wanted.requester_id}
    return structs.replace(wanted, **{name: _without_me(user, value) for name, value in people.items()})


def _without_me(user: User, value: str | list[str] | UnsetType) -> str | list[str] | UnsetType:
    if isinstance(value, list):
        return [str(user.id) if each == ME else each for each in value]
    return str(user.id) if value == ME else value


class Views(Protocol):
    """Filters that were saved under a name."""

    async def expand(self, connection: AsyncConnection, user: User, wanted: Filter) -> Filter:
        """Put the fields of the view that a filter names in its place.

        Raises:
            InvalidRequest: there is no such view, or this user may not use it.
        """


async def expanded(connection: AsyncConnection, user: User, wanted: Filter, views: Views | None) -> Filter:
    """Return a filter that says all by itself; raises what `Views.expand` does."""
    if wanted.view is UNSET:
        return wanted
    if views is None:
        raise InvalidRequest("There are no saved views.")
    return await views.expand(connection, user, wanted)
