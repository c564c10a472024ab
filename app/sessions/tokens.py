"""Refresh tokens. We sign them, so that one that was used up is known from one that was made up."""

import hashlib
import secrets
from uuid import UUID

import jwt

from app.accounts.tokens import ALGORITHM
from app.sessions.errors import SessionOver

AUDIENCE = "refresh"  # an access token has none, and either kind is refused where the other is due
SECRET_BYTES = 32


def new_secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)


def hash_of(secret: str) -> bytes:
    """Digest a secret, which is random enough to need no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).digest()


def issue(session_id: UUID, secret: str, key: str) -> str:
    return jwt.encode({"aud": AUDIENCE, "sid": str(session_id), "jti": secret}, key, ALGORITHM)


def read(encoded: str, key: str) -> tuple[UUID, str]:
    """Return a session's id, and the secret.

    Raises:
        SessionOver: the token is not one of ours.
    """
    try:
        claims = jwt.decode(
            encoded, key, algorithms=[ALGORITHM], audience=AUDIENCE, options={"require": ["sid", "jti"]}
        )
        return UUID(claims["sid"]), claims["jti"]
    except (jwt.InvalidTokenError, ValueError) as error:
        raise SessionOver from error
