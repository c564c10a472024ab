from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, structs

from app.accounts.models import Role, User
from app.http.bodies import Patch
from app.http.paging import Pagination
from app.text import PLAIN_TEXT


class LoginRequest(Struct, frozen=True, forbid_unknown_fields=True):
    username: Annotated[str, Meta(min_length=1, max_length=254, pattern=PLAIN_TEXT, description="User name or e-mail")]
    password: Annotated[str, Meta(min_length=1, max_length=1024)]


class LoginResponse(Struct, frozen=True):
    """Spelled as OAuth2 does; `expires_in` is in seconds."""

    access_token: str
    expires_in: int
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - the name of a scheme


class UserResponse(Struct, frozen=True, rename="camel"):
    id: UUID
    username: str
    email: str
    role: Role
    active: bool
    created_at: datetime


class ListedUser(Struct, frozen=True, rename="camel"):
    """A user in the list; e-mail and creation are for admins to see, and left out for others."""

    id: UUID
    username: str
    role: Role
    active: bool
    email: str | UnsetType = UNSET
    created_at: datetime | UnsetType = UNSET

    @classmethod
    def of(cls, user: User, *, seen_by: User) -> "ListedUser":
        shown = cls(user.id, user.username, user.role, user.active)
        return structs.replace(shown, email=user.email, created_at=user.created_at) if seen_by.is_admin else shown


class UserPage(Struct, frozen=True, rename="camel"):
    users: list[ListedUser]
    pagination: Pagination
    next_cursor: str | None


class PatchUser(Patch, frozen=True):
    """A user's rights."""

    role: Role | UnsetType = UNSET
    active: bool | UnsetType = UNSET
