from datetime import datetime
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, structs

from app import phones
from app.accounts.models import (
    MAX_EMAIL,
    MAX_PASSWORD,
    MAX_USERNAME,
    MIN_PASSWORD,
    NewUser,
    ResetLink,
    Role,
    User,
)
from app.errors import InvalidRequest
from app.http.bodies import Patch
from app.http.paging import Pagination
from app.text import PLAIN_TEXT

# Patterns hold in Python and in browsers; `(?!\n)` because to Python a line's end may follow what `$` matches.
USERNAME = r"^[^@\s\x00-\x1f\x7f]([^@\x00-\x1f\x7f]*[^@\s\x00-\x1f\x7f])?$(?!\n)"
EMAIL = r"^[^@\s\x00-\x1f\x7f]+@[^@\s\x00-\x1f\x7f]+$(?!\n)"

Login: TypeAlias = Annotated[
    str, Meta(min_length=1, max_length=MAX_EMAIL, pattern=PLAIN_TEXT, description="User name or e-mail")
]
Password: TypeAlias = Annotated[str, Meta(min_length=1, max_length=MAX_PASSWORD)]
NewPassword: TypeAlias = Annotated[str, Meta(min_length=MIN_PASSWORD, max_length=MAX_PASSWORD)]
Username: TypeAlias = Annotated[
    str, Meta(max_length=MAX_USERNAME, pattern=USERNAME, description="Without @", examples=["ada"])
]
Email: TypeAlias = Annotated[str, Meta(max_length=MAX_EMAIL, pattern=EMAIL, examples=["ada@example.com"])]
Phone: TypeAlias = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=32,
        description="With its country's code; kept as E.164 writes it",
        examples=["+49 30 1234567"],
    ),
]


class LoginRequest(Struct, frozen=True, forbid_unknown_fields=True):
    username: Login
    password: Password


class TokenForm(Struct, frozen=True):
    """The password grant of OAuth2 (RFC 6749, 4.3); scopes and clients mean nothing here."""

    grant_type: Annotated[str, Meta(pattern=PLAIN_TEXT, description="password")]
    username: Login
    password: Password


class LoginResponse(Struct, frozen=True):
    """Spelled as OAuth2 does; `expires_in` is in seconds."""

    access_token: str
    expires_in: int
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - the name of a scheme


class WithPhone(Struct, frozen=True, kw_only=True):
    """The base of bodies that may have a phone number, for `phones` to read."""

    phone: Phone | UnsetType | None = UNSET

    def __post_init__(self) -> None:
        if isinstance(self.phone, str):
            try:
                structs.force_setattr(self, "phone", phones.parsed(self.phone))
            except ValueError as error:
                raise InvalidRequest.at("$.phone", str(error)) from error


class RegisterRequest(WithPhone, frozen=True, kw_only=True, forbid_unknown_fields=True):
    username: Username
    email: Email
    password: NewPassword

    @property
    def user(self) -> NewUser:
        return NewUser(username=self.username, email=self.email, phone=self.phone or None, role="requester")


class CreateUser(WithPhone, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A user; without a password, the answer has a link to choose one."""

    username: Username
    email: Email
    role: Role
    password: NewPassword | None = None

    @property
    def user(self) -> NewUser:
        return NewUser(username=self.username, email=self.email, phone=self.phone or None, role=self.role)


class ChangePassword(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    current_password: Password
    new_password: NewPassword


class UseResetLink(Struct, frozen=True, forbid_unknown_fields=True):
    token: Annotated[str, Meta(min_length=1, max_length=128, pattern=PLAIN_TEXT)]
    password: NewPassword


class ResetLinkResponse(Struct, frozen=True, rename="camel"):
    """What is to be handed to the user. `path` leads to the console's page; what follows # no server is sent."""

    token: str
    expires_at: datetime
    path: str

    @classmethod
    def of(cls, link: ResetLink) -> "ResetLinkResponse":
        return cls(link.token, link.expires_at, f"/reset-password#{link.token}")


class UserResponse(Struct, frozen=True, rename="camel"):
    id: UUID
    username: str
    email: str
    phone: str | None
    role: Role
    active: bool
    created_at: datetime


class CreatedUser(UserResponse, frozen=True, kw_only=True):
    """Someone who has no password has a link to choose one."""

    password_reset: ResetLinkResponse | UnsetType = UNSET


class ListedUser(Struct, frozen=True, rename="camel"):
    """A user; e-mail, phone and creation are for admins to see, and left out for others."""

    id: UUID
    username: str
    role: Role
    active: bool
    email: str | UnsetType = UNSET
    phone: str | UnsetType | None = UNSET
    created_at: datetime | UnsetType = UNSET

    @classmethod
    def of(cls, user: User, *, seen_by: User) -> "ListedUser":
        shown = cls(user.id, user.username, user.role, user.active)
        if not seen_by.is_admin:
            return shown
        return structs.replace(shown, email=user.email, phone=user.phone, created_at=user.created_at)


class UserPage(Struct, frozen=True, rename="camel"):
    users: list[ListedUser]
    pagination: Pagination
    next_cursor: str | None


class PatchMe(Patch, WithPhone, frozen=True, kw_only=True):
    """What people change of themselves."""

    email: Email | UnsetType = UNSET


class PatchUser(PatchMe, frozen=True, kw_only=True):
    """What admins change of others, and of themselves but for their rights."""

    username: Username | UnsetType = UNSET
    role: Role | UnsetType = UNSET
    active: bool | UnsetType = UNSET
