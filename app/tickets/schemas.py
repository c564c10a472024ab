from datetime import datetime
from typing import Annotated, Any, ClassVar, Final
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, structs, to_builtins

from app.accounts.models import User
from app.accounts.schemas import Email
from app.contacts.schemas import Name
from app.errors import InvalidRequest
from app.http.answers import answer
from app.http.bodies import Patch
from app.http.paging import Pagination
from app.tickets.models import Description, Priority, Tag, Ticket, Title
from app.tickets.status import Status
from app.tickets.types import fields as ticket_fields
from app.tickets.types.registry import GENERAL, TYPES, TypeName
from app.tickets.types.ticket_type import TicketType


class NamedContact(Struct, frozen=True, forbid_unknown_fields=True):
    """Whom a ticket is for: who has this e-mail, in any case, and keeps the name; added where nobody has it."""

    name: Name
    email: Email


def _as_its_type_has_it(type_: TicketType) -> dict[str, Any]:
    """Return the JSON Schema of what a body of `CreateTicket` has to be for one type."""
    fields = ticket_fields.schema_of(type_)
    needed = {"type": type_.name != GENERAL, "title": type_.title is None, "fields": bool(fields["required"])}
    return {
        "properties": {"type": {"const": type_.name}, "status": {"enum": [*type_.begins_as]}, "fields": fields},
        "required": [name for name, is_needed in needed.items() if is_needed],
    }


_BY_TYPE: Final = [_as_its_type_has_it(type_) for type_ in TYPES.values()]
_FIELDS: Final = "All that its type has; GET /api/ticket-types tells"
_OF_ANY_TYPE: Final = {"anyOf": [alternative["properties"]["fields"] for alternative in _BY_TYPE]}


class CreateTicket(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """For agents and admins `contactId`, for everyone `contact`, not both.

    `assigneeId` is for agents and admins, and for everyone where the type needs approval: that one is asked for it.
    A type can have a title of its own, for those that have none.
    """

    alternatives: ClassVar[list[dict[str, Any]]] = _BY_TYPE

    title: Title | UnsetType = UNSET
    description: Description = ""
    type: TypeName | UnsetType = UNSET
    fields: Annotated[Any, Meta(description=_FIELDS)] | UnsetType = UNSET
    status: Status | UnsetType = UNSET
    priority: Priority = "normal"
    assignee_id: UUID | UnsetType = UNSET
    contact_id: UUID | UnsetType = UNSET
    contact: NamedContact | UnsetType = UNSET

    def __post_init__(self) -> None:
        if self.contact_id is not UNSET and self.contact is not UNSET:
            raise ValueError("Give either `contactId` or `contact`")
        if self.title is UNSET and self._type.title is None:
            raise ValueError("Object missing required field `title`")

    @property
    def _type(self) -> TicketType:
        return TYPES[self.type or GENERAL]

    @property
    def values(self) -> dict[str, Any]:
        """Return what was given, and what follows of its type; raise `InvalidRequest` for what that does not have."""
        type_ = self._type
        given = {name: value for name, value in structs.asdict(self).items() if value is not UNSET}
        status = given.setdefault("status", type_.begins_as[0])
        if status not in type_.begins_as:
            raise InvalidRequest.at("$.status", f"Such a ticket begins as: {', '.join(type_.begins_as)}")
        fields = ticket_fields.read(type_, given.get("fields", {}))
        if type_.title is not None:
            given.setdefault("title", type_.title(fields))
        return given | {"type": type_.name, "fields": to_builtins(fields)}


class ReplaceTicket(Patch, frozen=True):
    """What its requester may write; assignee and tags stay as they are, and so does the priority if it is left out."""

    title: Title
    description: Description
    status: Status
    priority: Priority | UnsetType = UNSET


class PatchTicket(Patch, frozen=True):
    """Assignee, tags and contact are for agents and admins.

    While a ticket waits for approval, its assignee and admins alone move it, change its `fields` or hand it on; after
    that its fields stay as they are.
    """

    title: Title | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    status: Status | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    assignee_id: UUID | UnsetType | None = UNSET
    tags: Annotated[list[Tag], Meta(max_length=50)] | UnsetType = UNSET
    contact_id: UUID | UnsetType | None = UNSET
    fields: Annotated[Any, Meta(description=_FIELDS, extra_json_schema=_OF_ANY_TYPE)] | UnsetType = UNSET


class TicketResponse(Struct, frozen=True, kw_only=True, rename="camel"):
    id: UUID
    number: int
    type: str
    fields: dict[str, Any]
    title: str
    description: str
    status: Status
    priority: Priority
    requester_id: UUID
    version: int
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None
    assignee_id: UUID | None
    tags: list[str]
    due_at: datetime | None
    breached: bool
    external_id: str | None
    merged_into: Annotated[UUID | None, Meta(description="The ticket that this one was a duplicate of; it is closed")]
    contact_id: Annotated[UUID | None, Meta(description="For agents and admins; left out for others")] | UnsetType = (
        UNSET
    )

    @classmethod
    def of(cls, ticket: Ticket, *, seen_by: User) -> "TicketResponse":
        """Leave the contact out for requesters: its id would tell since when an e-mail that they named is known."""
        shown = answer(ticket, cls)
        return structs.replace(shown, contact_id=UNSET) if seen_by.role == "requester" else shown


class TicketTypeResponse(Struct, frozen=True, rename="camel"):
    """A type of ticket: the states that a new one may have, where each leads, and what its `fields` are."""

    type: str
    description: str
    needs_approval: bool
    begins_as: list[Status]
    transitions: dict[Status, list[Status]]
    schema: dict[str, Any]

    @classmethod
    def of(cls, type_: TicketType, description: str) -> "TicketTypeResponse":
        transitions = {state: type_.targets(state) for state in type_.states}
        schema = ticket_fields.schema_of(type_)
        return cls(type_.name, description, type_.needs_approval, [*type_.begins_as], transitions, schema)


class TicketTypes(Struct, frozen=True, rename="camel"):
    ticket_types: list[TicketTypeResponse]


class TagResponse(Struct, frozen=True):
    tag: str
    count: int


class TagList(Struct, frozen=True):
    tags: list[TagResponse]
    of: Annotated[int, Meta(description="So many of the newest tickets were looked at, if there are so many")]


class TicketPage(Struct, frozen=True, rename="camel"):
    tickets: list[TicketResponse]
    pagination: Pagination
    next_cursor: str | None
