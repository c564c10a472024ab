from datetime import datetime
from typing import Annotated, Any, TypeAlias
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, structs

from app import phones
from app.errors import InvalidRequest
from app.http.bodies import Patch
from app.text import PLAIN_TEXT

# `(?!\n)` because to Python a line's end may follow what `$` matches.
EMAIL = r"^[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+$(?!\n)"

Name: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200, pattern=PLAIN_TEXT)]
Email: TypeAlias = Annotated[str, Meta(max_length=254, pattern=EMAIL, examples=["ada@example.com"])]
Phone: TypeAlias = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=32,
        description="With its country's code; kept as E.164 writes it",
        examples=["+49 30 1234567"],
    ),
]
Organization: TypeAlias = Annotated[str, Meta(max_length=200, pattern=PLAIN_TEXT)]
Notes: TypeAlias = Annotated[str, Meta(max_length=20_000, pattern=PLAIN_TEXT)]


class WithPhone(Struct, frozen=True, kw_only=True):
    """The base of bodies that may have a phone number, for `phones` to read."""

    phone: Phone | UnsetType | None = UNSET

    def __post_init__(self) -> None:
        if isinstance(self.phone, str):
            try:
                structs.force_setattr(self, "phone", phones.parsed(self.phone))
            except ValueError as error:
                raise InvalidRequest.at("$.phone", str(error)) from error


class CreateContact(WithPhone, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Name
    email: Email | None = None
    organization: Organization = ""
    notes: Notes = ""

    @property
    def values(self) -> dict[str, Any]:
        return structs.asdict(self) | {"phone": self.phone or None}


class PatchContact(Patch, WithPhone, frozen=True, kw_only=True):
    name: Name | UnsetType = UNSET
    email: Email | UnsetType | None = UNSET
    organization: Organization | UnsetType = UNSET
    notes: Notes | UnsetType = UNSET


class MergeContact(Struct, frozen=True, forbid_unknown_fields=True):
    into: Annotated[UUID, Meta(description="The contact that stays")]


class ContactResponse(Struct, frozen=True, rename="camel"):
    id: UUID
    name: str
    email: str | None
    phone: Annotated[str | None, Meta(description="E.164")]
    organization: str
    notes: str
    created_at: datetime
    updated_at: datetime


class ContactPage(Struct, frozen=True, rename="camel"):
    contacts: list[ContactResponse]
    next_cursor: str | None
