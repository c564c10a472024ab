from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any

from litestar import Controller, Request, Response, delete, post
from litestar.datastructures import ResponseHeader
from litestar.di import NamedDependency
from litestar.params import CookieParameter, JSONBody

from app.accounts.errors import TooManyAttempts, WrongCredentials
from app.accounts.models import Caller, User
from app.accounts.origin import origin_of
from app.accounts.schemas import LoginRequest, LoginResponse
from app.accounts.service import Accounts
from app.accounts.tokens import ACCESS_SECONDS, Claims
from app.errors import BodyTooLarge, Forbidden, InvalidRequest, TooManyRequests, Unauthorized
from app.http.answers import Answer
from app.http.openapi import problems
from app.sessions import cookie
from app.sessions.errors import ForeignPage, NoSession, SessionOver
from app.sessions.pages import Pages
from app.sessions.service import Grant, Sessions

RefreshToken = Annotated[
    str | None, CookieParameter(name=cookie.NAME, description="Kept by the browser: no script can read or set it")
]


class SessionController(Controller):
    path = "/api/session"
    tags = ("sessions",)
    accounts: Accounts
    sessions: Sessions
    pages: Pages

    @post(
        status_code=HTTPStatus.OK,
        security=[{}],
        responses=problems(
            InvalidRequest, WrongCredentials, ForeignPage, BodyTooLarge, TooManyAttempts, TooManyRequests
        ),
    )
    async def start_session(
        self, data: JSONBody[LoginRequest], request: Request[Any, Any, Any]
    ) -> Response[LoginResponse]:
        """Log in with a browser: the token lives for five minutes, and a cookie gets the next one at /refresh."""
        self.pages.require_own(request)
        origin = origin_of(request)
        user = await self.accounts.verify(data.username, data.password, origin)
        return _granted(request, await self.sessions.start(user, origin))

    @post(
        "/refresh",
        status_code=HTTPStatus.OK,
        security=[{}],
        responses=problems(InvalidRequest, SessionOver, ForeignPage),
    )
    async def refresh_session(
        self, request: Request[Any, Any, Any], refresh: RefreshToken = None
    ) -> Response[LoginResponse]:
        """Take the next token, and the next cookie. One that is used twice ends the session."""
        self.pages.require_own(request)
        if refresh is None:
            raise SessionOver
        return _granted(request, await self.sessions.refresh(refresh, origin_of(request)))

    @delete(
        responses=problems(Unauthorized, Forbidden, NoSession),
        response_headers=[ResponseHeader(name="Set-Cookie", value=cookie.REMOVED)],
    )
    async def end_session(self, request: Request[User, Claims, Any], caller: NamedDependency[Caller]) -> None:
        """Log out of the session that the token is of."""
        if request.auth.session_id is None:
            raise NoSession
        await self.sessions.end(caller, request.auth.session_id)


def _granted(request: Request[Any, Any, Any], grant: Grant) -> Response[LoginResponse]:
    life_seconds = int((grant.expires_at - datetime.now(UTC)).total_seconds())
    kept = cookie.header(grant.refresh_token, life_seconds, secure=_is_over_tls(request))
    return Answer(LoginResponse(grant.access_token, ACCESS_SECONDS), headers={"Set-Cookie": kept})


def _is_over_tls(request: Request[Any, Any, Any]) -> bool:
    """Say whether the browser speaks TLS, if only with a proxy: its Origin says so, whatever proxies tell us."""
    return request.scope["scheme"] == "https" or request.headers.get("origin", "").startswith("https://")
