from http import HTTPStatus
from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, Request, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from app.accounts.models import Caller, User
from app.accounts.origin import origin_of
from app.accounts.schemas import LoginRequest, LoginResponse, PatchUser, UserPage, UserResponse
from app.accounts.service import Accounts
from app.errors import (
    BodyTooLarge,
    Forbidden,
    InvalidRequest,
    LastAdmin,
    NotFound,
    TooManyAttempts,
    TooManyRequests,
    Unauthorized,
    WrongCredentials,
)
from app.openapi import problems, protected
from app.paging import DEFAULT_LIMIT, PageLimit, PageNumber, Pagination

AccountsService = NamedDependency[Accounts]


class AccountController(Controller):
    path = "/api"
    tags = ("accounts",)

    @post(
        "/login",
        status_code=HTTPStatus.OK,
        exclude_from_auth=True,
        security=[{}],
        responses=problems(InvalidRequest, WrongCredentials, BodyTooLarge, TooManyAttempts, TooManyRequests),
    )
    async def log_in(
        self, data: JSONBody[LoginRequest], accounts: AccountsService, request: Request[Any, Any, Any]
    ) -> LoginResponse:
        token, ttl_seconds = await accounts.log_in(data.username, data.password, origin_of(request))
        return LoginResponse(access_token=token, expires_in=ttl_seconds)

    @get("/me", responses=problems(Unauthorized, Forbidden))
    async def me(self, request: Request[User, Any, Any]) -> UserResponse:
        return UserResponse.of(request.user)


class UserController(Controller):
    path = "/api/users"
    tags = ("accounts",)

    @get(responses=protected())
    async def list_users(
        self, accounts: AccountsService, page: PageNumber = 1, limit: PageLimit = DEFAULT_LIMIT
    ) -> UserPage:
        """List users by name."""
        found, total = await accounts.page(page=page, limit=limit)
        return UserPage([UserResponse.of(user) for user in found], Pagination.of(page, limit, total))

    @patch("/{user_id:str}", responses=protected(NotFound, LastAdmin, BodyTooLarge))
    async def patch_user(
        self,
        caller: NamedDependency[Caller],
        accounts: AccountsService,
        user_id: FromPath[UUID],
        data: JSONBody[PatchUser],
    ) -> UserResponse:
        """Change a user's role, or shut the account or open it again; their sockets are closed."""
        values = {name: value for name, value in msgspec.structs.asdict(data).items() if value is not msgspec.UNSET}
        if not values:
            raise InvalidRequest.at("$", "Name at least one field to change")
        return UserResponse.of(await accounts.change(caller, user_id, values))
