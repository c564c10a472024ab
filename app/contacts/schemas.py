from datetime import datetime
from typing import Annotated, Any, TypeAlias
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, structs

from app.accounts.schemas import Email, WithPhone
from app.http.bodies import Patch
from app.text import PLAIN_TEXT

Name: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200, pattern=PLAIN_TEXT)]
Organization: TypeAlias = Annotated[str, Meta(max_length=200, pattern=PLAIN_TEXT)]
Notes: TypeAlias = Annotated[str, Meta(max_length=20_000, pattern=PLAIN_TEXT)]


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
