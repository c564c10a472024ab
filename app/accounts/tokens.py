from datetime import UTC, datetime, timedelta
from functools import lru_cache
from uuid import UUID

import jwt
import msgspec
from jwt.types import Options

from app.errors import Unauthorized

ALGORITHM = "HS256"
ACCESS_SECONDS = 300  # what a token of a session is good for: its cookie gets the next one
KEPT = 4096  # verified tokens: checking a signature takes as long as a read from the database


class Claims(msgspec.Struct, frozen=True):
    """What we believe of a token: whose it is and when it ends. Role and rights are read from the database."""

    user_id: UUID
    expires_at: datetime
    session_id: UUID | None = None  # of a browser's
    version: int = 0  # the user's `token_version` when it was issued


def issue(user_id: UUID, secret: str, ttl_seconds: int, session_id: UUID | None = None, *, version: int = 0) -> str:
    now = datetime.now(UTC)
    claims = {"sub": str(user_id), "iat": now, "exp": now + timedelta(seconds=ttl_seconds)}
    of_session = {"sid": str(session_id)} if session_id else {}
    of_version = {"ver": version} if version else {}
    return jwt.encode(claims | of_session | of_version, secret, ALGORITHM)


def read(encoded: str, secret: str) -> Claims:
    """Verify signature, algorithm and times.

    Raises:
        Unauthorized: the token is not one of ours, or not valid now.
    """
    try:
        claims = _verified(encoded, secret)
    except (jwt.InvalidTokenError, ValueError, OverflowError) as error:  # claims, or bytes, that make no sense
        raise Unauthorized from error
    if claims.expires_at <= datetime.now(UTC):
        raise Unauthorized
    return claims


@lru_cache(KEPT)
def _verified(encoded: str, secret: str) -> Claims:
    """Verify all but the end, which comes nearer."""
    options: Options = {"require": ["sub", "iat", "exp"], "verify_exp": False}
    claims = jwt.decode(encoded, secret, algorithms=[ALGORITHM], options=options)
    expires_at = datetime.fromtimestamp(msgspec.convert(claims["exp"], int), UTC)
    session_id = UUID(claims["sid"]) if "sid" in claims else None
    return Claims(UUID(claims["sub"]), expires_at, session_id, msgspec.convert(claims.get("ver", 0), int))
