from http import HTTPStatus
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from app.accounts.errors import LastAdmin, TooManyAttempts, WrongCredentials
from app.accounts.models import Caller, User
from app.accounts.origin import origin_of
from app.accounts.queries import UserQuery
from app.accounts.schemas import ListedUser, LoginRequest, LoginResponse, PatchUser, UserPage, UserResponse
from app.accounts.service import Accounts
from app.errors import BodyTooLarge, Forbidden, InvalidRequest, NotFound, TooManyRequests, Unauthorized
from app.http.answers import answer
from app.http.openapi import problems, protected
from app.http.paging import Cursors, Pagination
from app.http.query import Reading


class AccountController(Controller):
    path = "/api"
    tags = ("accounts",)
    accounts: Accounts

    @post(
        "/login",
        status_code=HTTPStatus.OK,
        security=[{}],
        responses=problems(InvalidRequest, WrongCredentials, BodyTooLarge, TooManyAttempts, TooManyRequests),
    )
    async def log_in(self, data: JSONBody[LoginRequest], request: Request[Any, Any, Any]) -> LoginResponse:
        token, ttl_seconds = await self.accounts.log_in(data.username, data.password, origin_of(request))
        return LoginResponse(access_token=token, expires_in=ttl_seconds)

    @get("/me", responses=problems(Unauthorized, Forbidden))
    async def me(self, request: Request[User, Any, Any]) -> UserResponse:
        return answer(request.user, UserResponse)


class UserController(Controller):
    path = "/api/users"
    tags = ("accounts",)
    accounts: Accounts
    cursors: Cursors

    @get(responses=protected(), dependencies={"wanted": Reading(UserQuery)})
    async def list_users(self, request: Request[User, Any, Any], wanted: NamedDependency[UserQuery]) -> UserPage:
        """List users by name; agents are not told e-mail and creation."""
        found, counted = await self.accounts.find_page(request.user, wanted, after=self.cursors.start_of(wanted, str))
        part = self.cursors.part_of(wanted, found, lambda user: user.username.lower())
        return UserPage(
            [ListedUser.of(user, seen_by=request.user) for user in part.items],
            Pagination.of(wanted.page, wanted.limit, counted),
            part.next_cursor,
        )

    @patch("/{user_id:str}", responses=protected(NotFound, LastAdmin, BodyTooLarge))
    async def patch_user(
        self,
        caller: NamedDependency[Caller],
        user_id: FromPath[UUID],
        data: JSONBody[PatchUser],
    ) -> UserResponse:
        """Change a user's role, or shut the account or open it again; their sockets are closed."""
        return answer(await self.accounts.change(caller, user_id, data.changes()), UserResponse)
