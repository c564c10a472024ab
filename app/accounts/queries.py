from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from app.accounts.models import Role
from app.lists import PagedQuery
from app.text import PLAIN_TEXT

Part = Annotated[
    str, Meta(min_length=1, max_length=254, pattern=PLAIN_TEXT, description="Part of the name; for admins, or e-mail")
]


class UserQuery(PagedQuery, frozen=True, kw_only=True):
    """What can be asked of the list of users."""

    role: Role | UnsetType = UNSET
    active: bool | UnsetType = UNSET
    text: Part | UnsetType = UNSET


class RemovalQuery(Struct, frozen=True, kw_only=True):
    """How a user is to be removed."""

    erase: Annotated[bool, Meta(description="Also forget name, e-mail and phone number, for good")] = False
