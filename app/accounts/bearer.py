from typing import Any

from litestar.connection import ASGIConnection
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult
from litestar.types import ASGIApp

from app.accounts.service import Accounts
from app.errors import Unauthorized


class BearerAuthentication(AbstractAuthenticationMiddleware):
    """Finds out who calls from `Authorization: Bearer <token>`, for every route that is not `exclude_from_auth`.

    litestar's own JWTAuth would do, but that it takes a token behind any scheme's name.
    """

    def __init__(self, app: ASGIApp, accounts: Accounts) -> None:
        super().__init__(app, exclude_http_methods=[])
        self._accounts = accounts

    async def authenticate_request(self, connection: ASGIConnection[Any, Any, Any, Any]) -> AuthenticationResult:
        scheme, _, token = connection.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthorized
        user, claims = await self._accounts.authenticate(token.strip())
        return AuthenticationResult(user=user, auth=claims)
