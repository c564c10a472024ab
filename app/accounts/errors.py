from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import msgspec

from app.errors import (
    AppError,
    Conflict,
    FieldError,
    Forbidden,
    InvalidRequest,
    NotFound,
    Problem,
    TooManyRequests,
    Unauthorized,
)


class WrongCredentials(Unauthorized):
    """The user name or the password is wrong."""

    code = "wrong_credentials"


class TooManyAttempts(TooManyRequests):
    """Too many attempts; try again later."""

    code = "too_many_attempts"


class LastAdmin(Conflict):
    """This is the last active admin: make another one first."""

    code = "last_admin"


class AlreadyTaken(Conflict):
    """Another user has this name or e-mail, in whatever case; `errors` says which: choose another one."""

    code = "already_taken"


class RegistrationClosed(Forbidden):
    """Nobody can register here: ask an admin for an account."""

    code = "registration_closed"


class WrongPassword(Forbidden):
    """This is not your current password: try again, or ask an admin for a link to choose another one."""

    code = "wrong_password"


class ResetLinkOver(AppError):
    """This link has been used or replaced by a newer one, or has expired: ask an admin for another one."""

    status = HTTPStatus.GONE
    code = "reset_link_over"


class TokenProblem(Problem, frozen=True, kw_only=True):
    """A problem that clients of OAuth2 read as well (RFC 6749, 5.2)."""

    error: str
    error_description: str = msgspec.field(name="error_description")


class InvalidTokenRequest(InvalidRequest):
    """The form is not valid; `errors` says where."""

    problem = TokenProblem
    example: Mapping[str, Any] = {"errors": (FieldError("form.username", "Is missing"),)}

    def __init__(self, detail: str = "", *, errors: Sequence[FieldError] = (), **members: Any) -> None:
        super().__init__(detail, errors=errors, **members)
        self.members |= {"error": self.code, "error_description": self.detail}


class UnsupportedGrantType(InvalidTokenRequest):
    """Tokens are given for a password alone: send grant_type=password."""

    code = "unsupported_grant_type"
    example: Mapping[str, Any] = {}


class InvalidGrant(InvalidTokenRequest):
    """The user name or the password is wrong."""

    code = "invalid_grant"
    example: Mapping[str, Any] = {}


class NoSuchUser(NotFound):
    """There is no user with this id."""
