"""Which tickets someone means: one filter for lists, previews and bulk jobs."""

from typing import Annotated, Protocol, TypeVar
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, structs
from sqlalchemy import ColumnElement, and_

from app.accounts.models import User
from app.errors import InvalidRequest
from app.lists import DEFAULT_LIMIT, Cursor, Limit, Paged, PageNumber
from app.text import PLAIN_TEXT
from app.tickets.models import Priority, Status, Tag, tickets
from app.times import Moment, in_utc

Text = Annotated[str, Meta(min_length=1, max_length=255, pattern=PLAIN_TEXT, description="Part of the title")]
MAX_VALUES = 100
SeveralStatuses = Annotated[list[Status], Meta(min_length=1, max_length=MAX_VALUES)]
SeveralPriorities = Annotated[list[Priority], Meta(min_length=1, max_length=MAX_VALUES)]
SeveralUsers = Annotated[list[UUID], Meta(min_length=1, max_length=MAX_VALUES)]
SeveralTags = Annotated[list[Tag], Meta(min_length=1, max_length=MAX_VALUES)]


class TicketFilter(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """All fields that are given must hold; of a list, one value. After is inclusive, before exclusive."""

    status: Status | SeveralStatuses | UnsetType = UNSET
    priority: Priority | SeveralPriorities | UnsetType = UNSET
    assignee_id: UUID | SeveralUsers | UnsetType = UNSET
    requester_id: UUID | SeveralUsers | UnsetType = UNSET
    tags: Tag | SeveralTags | UnsetType = UNSET
    text: Text | UnsetType = UNSET
    created_after: Moment | UnsetType = UNSET
    created_before: Moment | UnsetType = UNSET
    updated_after: Moment | UnsetType = UNSET
    updated_before: Moment | UnsetType = UNSET
    deleted: bool | UnsetType = UNSET
    view: Annotated[UUID, Meta(description="A saved view: its fields hold where none is given here")] | UnsetType = (
        UNSET
    )

    def __post_init__(self) -> None:
        for moment in (self.created_after, self.created_before, self.updated_after, self.updated_before):
            if moment is not UNSET:
                in_utc(moment)

    @property
    def is_empty(self) -> bool:
        return all(value is UNSET for value in structs.asdict(self).values())


class TicketQuery(TicketFilter, Paged, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """What can be asked of the list of tickets."""

    page: PageNumber = 1
    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | UnsetType = UNSET

    def __post_init__(self) -> None:
        TicketFilter.__post_init__(self)
        Paged.__post_init__(self)


Filter = TypeVar("Filter", bound=TicketFilter)


class Views(Protocol):
    """Filters that were saved under a name."""

    async def expand(self, user: User, wanted: Filter) -> Filter:
        """Put the fields of the view that a filter names in its place.

        Raises:
            InvalidRequest: there is no such view, or this user may not use it.
        """


async def expanded(user: User, wanted: Filter, views: Views | None) -> Filter:
    """Return a filter that says all by itself; raises what `Views.expand` does."""
    if wanted.view is UNSET:
        return wanted
    if views is None:
        raise InvalidRequest("There are no saved views.")
    return await views.expand(user, wanted)


def matching(wanted: TicketFilter, *, deleted: bool) -> ColumnElement[bool]:
    """Return the predicate over `tickets`; `deleted` is what a filter means that does not say."""
    is_deleted = deleted if wanted.deleted is UNSET else wanted.deleted
    conditions: list[ColumnElement[bool]] = [
        tickets.c.deleted_at.is_not(None) if is_deleted else tickets.c.deleted_at.is_(None)
    ]
    for column, given in (
        (tickets.c.status, wanted.status),
        (tickets.c.priority, wanted.priority),
        (tickets.c.assignee_id, wanted.assignee_id),
        (tickets.c.requester_id, wanted.requester_id),
    ):
        if given is not UNSET:
            conditions.append(column.in_(_listed(given)))
    if wanted.tags is not UNSET:
        conditions.append(tickets.c.tags.overlap(_listed(wanted.tags)))
    if wanted.text is not UNSET:
        conditions.append(tickets.c.title.icontains(wanted.text, autoescape=True))
    for column, after, before in (
        (tickets.c.created_at, wanted.created_after, wanted.created_before),
        (tickets.c.updated_at, wanted.updated_after, wanted.updated_before),
    ):
        if after is not UNSET:
            conditions.append(column >= after)
        if before is not UNSET:
            conditions.append(column < before)
    return and_(*conditions)


def _listed(given: object) -> list[object]:
    return given if isinstance(given, list) else [given]
