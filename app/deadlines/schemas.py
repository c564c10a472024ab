from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from app.http.bodies import Patch
from app.text import PLAIN_TEXT
from app.tickets.models import Priority, Tag

MAX_MINUTES = 366 * 24 * 60

Name = Annotated[str, Meta(min_length=1, max_length=100, pattern=PLAIN_TEXT)]
Position = Annotated[int, Meta(ge=1, le=10_000, description="Of the policies that fit a ticket the first one counts")]
Priorities = Annotated[list[Priority], Meta(max_length=4, description="Empty: any")]
Tags = Annotated[list[Tag], Meta(max_length=50, description="A ticket fits that has one of them; empty: any ticket")]
Minutes = Annotated[int, Meta(ge=1, le=MAX_MINUTES)]
CalendarId = Annotated[UUID | None, Meta(description="Whose hours count; null: around the clock")]
TimeZone = Annotated[
    str, Meta(min_length=1, max_length=64, pattern=PLAIN_TEXT, description="IANA name", examples=["Europe/Berlin"])
]
Holiday = Annotated[date, Meta(examples=["2026-12-25"])]
Holidays = Annotated[list[Holiday], Meta(max_length=400, description="Days without any opening hours")]
_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]"


class Opening(Struct, frozen=True, forbid_unknown_fields=True):
    """A span of one weekday; what goes past midnight is two of them."""

    weekday: Annotated[int, Meta(ge=1, le=7, description="1 is Monday, as in ISO 8601")]
    opens: Annotated[str, Meta(pattern=f"^{_TIME}$", examples=["09:00"])]
    closes: Annotated[str, Meta(pattern=f"^({_TIME}|24:00)$", examples=["17:00"])]

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError("`closes` must be later than `opens`; what goes past midnight is two openings")


Hours = Annotated[list[Opening], Meta(min_length=1, max_length=70)]


class CreateCalendar(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    name: Name
    time_zone: TimeZone
    hours: Hours
    holidays: Holidays = []


class PatchCalendar(Patch, frozen=True):
    name: Name | UnsetType = UNSET
    time_zone: TimeZone | UnsetType = UNSET
    hours: Hours | UnsetType = UNSET
    holidays: Holidays | UnsetType = UNSET


class CreatePolicy(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """Null says that there is no such deadline; one of the three there must be."""

    name: Name
    position: Position
    first_answer_minutes: Minutes | None
    next_answer_minutes: Minutes | None
    solution_minutes: Minutes | None
    priorities: Priorities = []
    tags: Tags = []
    calendar_id: CalendarId = None


class PatchPolicy(Patch, frozen=True):
    name: Name | UnsetType = UNSET
    position: Position | UnsetType = UNSET
    priorities: Priorities | UnsetType = UNSET
    tags: Tags | UnsetType = UNSET
    first_answer_minutes: Minutes | UnsetType | None = UNSET
    next_answer_minutes: Minutes | UnsetType | None = UNSET
    solution_minutes: Minutes | UnsetType | None = UNSET
    calendar_id: CalendarId | UnsetType = UNSET


class CalendarResponse(Struct, frozen=True, rename="camel"):
    id: UUID
    name: str
    time_zone: str
    hours: list[Opening]
    holidays: list[date]


class PolicyResponse(Struct, frozen=True, rename="camel"):
    id: UUID
    name: str
    position: int
    priorities: list[Priority]
    tags: list[str]
    first_answer_minutes: int | None
    next_answer_minutes: int | None
    solution_minutes: int | None
    calendar_id: UUID | None


class CalendarList(Struct, frozen=True):
    calendars: list[CalendarResponse]


class PolicyList(Struct, frozen=True):
    policies: list[PolicyResponse]


class CalendarChange(Struct, frozen=True, rename="camel"):
    """The calendar as it is now, and the job that works out anew what open tickets it concerns are due."""

    calendar: CalendarResponse
    job_id: UUID | None


class PolicyChange(Struct, frozen=True, rename="camel"):
    """The policy as it is now, null if it is gone, and the job that works out anew when open tickets are due."""

    policy: PolicyResponse | None
    job_id: UUID
