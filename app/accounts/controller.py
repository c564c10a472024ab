from typing import Any

from litestar import Controller, Request, get, post
from litestar.status_codes import HTTP_200_OK

from app.accounts.models import User
from app.accounts.schemas import LoginRequest, LoginResponse, UserResponse
from app.accounts.service import Accounts


class AccountController(Controller):
    path = "/api"
    tags = ("accounts",)

    @post("/login", status_code=HTTP_200_OK, exclude_from_auth=True, security=[{}])
    async def log_in(self, data: LoginRequest, accounts: Accounts, request: Request[Any, Any, Any]) -> LoginResponse:
        address = request.client.host if request.client else "unknown"
        token, ttl_seconds = await accounts.log_in(data.username, data.password, address)
        return LoginResponse(access_token=token, expires_in=ttl_seconds)

    @get("/me")
    async def me(self, request: Request[User, Any, Any]) -> UserResponse:
        user = request.user
        return UserResponse(user.id, user.username, user.email, user.role, user.active, user.created_at)
