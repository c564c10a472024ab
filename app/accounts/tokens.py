from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
from litestar.exceptions import NotAuthorizedException
from litestar.security.jwt import Token

from app.errors import Unauthorized

ALGORITHM = "HS256"


class Claims(msgspec.Struct, frozen=True):
    """What we believe of a token: whose it is and when it ends. Role and rights are read from the database."""

    user_id: UUID
    expires_at: datetime


def issue(user_id: UUID, secret: str, ttl_seconds: int) -> str:
    expires_at = datetime.now(UTC) + timedelta(seconds=ttl_seconds)
    return Token(exp=expires_at, sub=str(user_id)).encode(secret, ALGORITHM)


def read(encoded: str, secret: str) -> Claims:
    """Verify signature, algorithm and times.

    Raises:
        Unauthorized: the token is not one of ours, or not valid now.
    """
    try:
        token = Token.decode(encoded, secret, ALGORITHM)
        return Claims(UUID(token.sub), token.exp)
    except (NotAuthorizedException, ValueError) as error:  # a subject that is no id, or text that is no UTF-8
        raise Unauthorized from error
