import anyio
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()
# Verified when there is no such user, so that both cases take the same time. It is the hash of 32 random bytes.
_HASH_OF_NOTHING = "$argon2id$v=19$m=65536,t=3,p=4$BHqk6bh2I6t7+LNh1O1AQw$blDt8HNiETPZXC6DcureTami6fIvdUWPXo3LBQKaEnM"
MAX_HASHES_AT_ONCE = 2  # each takes 64 MiB and tens of milliseconds of a core


class Passwords:
    """Argon2id, in threads: a hash takes long enough to hold up every other request."""

    def __init__(self) -> None:
        self._limiter = anyio.CapacityLimiter(MAX_HASHES_AT_ONCE)

    async def verify(self, password: str, password_hash: str | None) -> bool:
        """Tell whether `password` fits; without a hash the answer is no, in the time of a real one."""
        fits = await anyio.to_thread.run_sync(_fits, password, password_hash or _HASH_OF_NOTHING, limiter=self._limiter)
        return fits and password_hash is not None


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def _fits(password: str, password_hash: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
