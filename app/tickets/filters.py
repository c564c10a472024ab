"""Which tickets someone means: one filter for lists, previews and bulk jobs."""

from typing import Annotated, Protocol, TypeVar
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, structs
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import User
from app.errors import InvalidRequest
from app.lists import DEFAULT_LIMIT, Cursor, Limit, Paged, PageNumber
from app.text import PLAIN_TEXT
from app.tickets.models import Priority, Sort, Status, Tag
from app.times import Moment, in_utc

Text = Annotated[str, Meta(min_length=1, max_length=255, pattern=PLAIN_TEXT, description="Part of the title")]
Number = Annotated[int, Meta(ge=1, le=2**53 - 1, description="What people know a ticket by")]
MAX_VALUES = 100
SeveralStatuses = Annotated[list[Status], Meta(min_length=1, max_length=MAX_VALUES)]
SeveralPriorities = Annotated[list[Priority], Meta(min_length=1, max_length=MAX_VALUES)]
SeveralUsers = Annotated[list[UUID], Meta(min_length=1, max_length=MAX_VALUES)]
SeveralContacts = Annotated[list[UUID], Meta(min_length=1, max_length=MAX_VALUES)]
SeveralTags = Annotated[list[Tag], Meta(min_length=1, max_length=MAX_VALUES)]


class SavedFilter(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """All fields that are given must hold; of a list, one value. After is inclusive, before exclusive."""

    status: Status | SeveralStatuses | UnsetType = UNSET
    priority: Priority | SeveralPriorities | UnsetType = UNSET
    assignee_id: UUID | SeveralUsers | UnsetType = UNSET
    requester_id: UUID | SeveralUsers | UnsetType = UNSET
    contact_id: (
        Annotated[UUID | SeveralContacts, Meta(description="Whom the ticket is for; for agents and admins")] | UnsetType
    ) = UNSET
    tags: Tag | SeveralTags | UnsetType = UNSET
    text: Text | UnsetType = UNSET
    created_after: Moment | UnsetType = UNSET
    created_before: Moment | UnsetType = UNSET
    updated_after: Moment | UnsetType = UNSET
    updated_before: Moment | UnsetType = UNSET
    deleted: bool | UnsetType = UNSET

    def __post_init__(self) -> None:
        for moment in (self.created_after, self.created_before, self.updated_after, self.updated_before):
            if moment is not UNSET:
                in_utc(moment)

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
    sort: Annotated[Sort, Meta(description="By which time; with a minus sign: latest first")] = "-created"
    page: PageNumber = 1
    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | UnsetType = UNSET

    def __post_init__(self) -> None:
        TicketFilter.__post_init__(self)
        Paged.__post_init__(self)


Filter = TypeVar("Filter", bound=TicketFilter)


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
