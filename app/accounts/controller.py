from http import HTTPStatus
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import structs

from app.accounts.credentials import Credentials
from app.accounts.directory import Directory
from app.accounts.errors import (
    AlreadyTaken,
    InvalidGrant,
    InvalidTokenRequest,
    LastAdmin,
    RegistrationClosed,
    ResetLinkOver,
    TooManyAttempts,
    UnsupportedGrantType,
    WrongCredentials,
    WrongPassword,
)
from app.accounts.models import Caller, User
from app.accounts.origin import origin_of
from app.accounts.queries import RemovalQuery, UserQuery
from app.accounts.schemas import (
    ChangePassword,
    CreatedUser,
    CreateUser,
    ListedUser,
    LoginRequest,
    LoginResponse,
    PatchMe,
    PatchUser,
    RegisterRequest,
    ResetLinkResponse,
    TokenForm,
    UseResetLink,
    UserPage,
    UserResponse,
)
from app.accounts.service import Accounts
from app.accounts.tokens import Claims
from app.errors import BodyTooLarge, Forbidden, InvalidRequest, NotFound, TooManyRequests, Unauthorized
from app.http.answers import Answer, answer
from app.http.forms import Form
from app.http.openapi import problems, protected
from app.http.paging import Cursors, Pagination
from app.http.query import Reading

Anyone = Request[Any, Any, Any]
MAX_FORM_BYTES = 16_384  # a name and a password, each character of them escaped
OF_STRANGERS = (BodyTooLarge, TooManyAttempts, TooManyRequests)


class AccountController(Controller):
    path = "/api"
    tags = ("accounts",)
    accounts: Accounts
    credentials: Credentials
    directory: Directory

    @post(
        "/login",
        status_code=HTTPStatus.OK,
        security=[{}],
        responses=problems(InvalidRequest, WrongCredentials, *OF_STRANGERS),
    )
    async def log_in(self, data: JSONBody[LoginRequest], request: Anyone) -> LoginResponse:
        return LoginResponse(*await self.accounts.log_in(data.username, data.password, origin_of(request)))

    @post(
        "/token",
        status_code=HTTPStatus.OK,
        security=[{}],
        request_max_body_size=MAX_FORM_BYTES,
        responses=problems(InvalidTokenRequest, UnsupportedGrantType, InvalidGrant, *OF_STRANGERS),
        dependencies={"form": Form(TokenForm, InvalidTokenRequest)},
    )
    async def get_token(self, form: NamedDependency[TokenForm], request: Anyone) -> LoginResponse:
        """Log in as OAuth2 has it (RFC 6749, 4.3): what interactive documents do for Authorize."""
        if form.grant_type != "password":
            raise UnsupportedGrantType
        try:
            return LoginResponse(*await self.accounts.log_in(form.username, form.password, origin_of(request)))
        except WrongCredentials as error:
            raise InvalidGrant from error

    @post(
        "/register",
        security=[{}],
        responses=problems(InvalidRequest, RegistrationClosed, AlreadyTaken, *OF_STRANGERS),
    )
    async def register(self, data: JSONBody[RegisterRequest], request: Anyone) -> LoginResponse:
        """Add oneself as a requester, where REGISTRATION is open; the answer is a login's."""
        return LoginResponse(*await self.credentials.register(data.user, data.password, origin_of(request)))

    @post(
        "/password-reset",
        status_code=HTTPStatus.NO_CONTENT,
        security=[{}],
        responses=problems(InvalidRequest, ResetLinkOver, *OF_STRANGERS),
    )
    async def reset_password(self, data: JSONBody[UseResetLink], request: Anyone) -> None:
        """Choose a password with a link that an admin has made: it works once, and ends all sessions."""
        await self.credentials.use_link(data.token, data.password, origin_of(request))

    @get("/me", responses=problems(Unauthorized, Forbidden))
    async def me(self, request: Request[User, Any, Any]) -> UserResponse:
        return answer(request.user, UserResponse)

    @patch("/me", responses=protected(NotFound, AlreadyTaken, BodyTooLarge))
    async def patch_me(self, caller: NamedDependency[Caller], data: JSONBody[PatchMe]) -> UserResponse:
        return answer(await self.directory.change(caller, caller.user.id, data.changes()), UserResponse)

    @post(
        "/me/password",
        status_code=HTTPStatus.OK,
        responses=protected(WrongPassword, *OF_STRANGERS),
    )
    async def change_password(
        self, request: Request[User, Claims, Any], caller: NamedDependency[Caller], data: JSONBody[ChangePassword]
    ) -> LoginResponse:
        """Change one's password: other sessions end, and this token takes the place of all there were."""
        changed = self.credentials.change(caller, request.auth, data.current_password, data.new_password)
        return LoginResponse(*await changed)


class UserController(Controller):
    path = "/api/users"
    tags = ("accounts",)
    directory: Directory
    credentials: Credentials
    cursors: Cursors

    @get(responses=protected(), dependencies={"wanted": Reading(UserQuery)})
    async def list_users(self, request: Request[User, Any, Any], wanted: NamedDependency[UserQuery]) -> UserPage:
        """List users by name; agents are not told e-mail, phone and creation."""
        found, counted = await self.directory.find_page(request.user, wanted, after=self.cursors.start_of(wanted, str))
        part = self.cursors.part_of(wanted, found, lambda user: user.username.lower())
        return UserPage(
            [ListedUser.of(user, seen_by=request.user) for user in part.items],
            Pagination.of(wanted.page, wanted.limit, counted),
            part.next_cursor,
        )

    @post(responses=protected(AlreadyTaken, BodyTooLarge, TooManyRequests))
    async def create_user(self, caller: NamedDependency[Caller], data: JSONBody[CreateUser]) -> Response[CreatedUser]:
        """Add a user. Without a password, the answer has a link for the user to choose one."""
        user, link = await self.directory.add(caller, data.user, data.password)
        created = answer(user, CreatedUser)
        if link:
            created = structs.replace(created, password_reset=ResetLinkResponse.of(link))
        return Answer(created, status_code=HTTPStatus.CREATED, headers={"Location": f"/api/users/{user.id}"})

    @get("/{user_id:str}", responses=protected(NotFound))
    async def read_user(self, request: Request[User, Any, Any], user_id: FromPath[UUID]) -> ListedUser:
        """Read a user; agents are not told e-mail, phone and creation."""
        return ListedUser.of(await self.directory.find(user_id), seen_by=request.user)

    @patch("/{user_id:str}", responses=protected(NotFound, LastAdmin, AlreadyTaken, BodyTooLarge))
    async def patch_user(
        self,
        caller: NamedDependency[Caller],
        user_id: FromPath[UUID],
        data: JSONBody[PatchUser],
    ) -> UserResponse:
        """Change a user, or shut the account or open it again; a change of rights ends sessions and sockets."""
        return answer(await self.directory.change(caller, user_id, data.changes()), UserResponse)

    @delete("/{user_id:str}", responses=protected(NotFound, LastAdmin), dependencies={"wanted": Reading(RemovalQuery)})
    async def delete_user(
        self, caller: NamedDependency[Caller], user_id: FromPath[UUID], wanted: NamedDependency[RemovalQuery]
    ) -> None:
        """Shut a user's account. What the user did and was given stays, under the name, or under none with `erase`."""
        await self.directory.remove(caller, user_id, erase=wanted.erase)

    @post("/{user_id:str}/password-reset", responses=protected(NotFound))
    async def issue_reset_link(self, caller: NamedDependency[Caller], user_id: FromPath[UUID]) -> ResetLinkResponse:
        """Make a link to choose a password with, once within 24 hours; the user's earlier link is void."""
        return ResetLinkResponse.of(await self.credentials.make_link(caller, user_id))
