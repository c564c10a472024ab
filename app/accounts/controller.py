from http import HTTPStatus
from typing import Any

from litestar import Controller, Request, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from app.accounts.models import User
from app.accounts.schemas import LoginRequest, LoginResponse, UserResponse
from app.accounts.service import Accounts
from app.errors import BodyTooLarge, Forbidden, InvalidRequest, TooManyAttempts, Unauthorized, WrongCredentials
from app.openapi import problems

AccountsService = NamedDependency[Accounts]


class AccountController(Controller):
    path = "/api"
    tags = ("accounts",)

    @post(
        "/login",
        status_code=HTTPStatus.OK,
        exclude_from_auth=True,
        security=[{}],
        responses=problems(InvalidRequest, WrongCredentials, BodyTooLarge, TooManyAttempts),
    )
    async def log_in(
        self, data: JSONBody[LoginRequest], accounts: AccountsService, request: Request[Any, Any, Any]
    ) -> LoginResponse:
        address = request.client.host if request.client else "unknown"
        token, ttl_seconds = await accounts.log_in(data.username, data.password, address)
        return LoginResponse(access_token=token, expires_in=ttl_seconds)

    @get("/me", responses=problems(Unauthorized, Forbidden))
    async def me(self, request: Request[User, Any, Any]) -> UserResponse:
        user = request.user
        return UserResponse(user.id, user.username, user.email, user.role, user.active, user.created_at)
