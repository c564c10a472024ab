import asyncio
import contextlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import TooManyRequests

_hasher = PasswordHasher()
# That of 32 random bytes, which nobody kept: users without a password have it, and it is verified when there is no such
# user, so that all cases take the same time.
HASH_OF_NOTHING = "$argon2id$v=19$m=65536,t=3,p=4$BHqk6bh2I6t7+LNh1O1AQw$blDt8HNiETPZXC6DcureTami6fIvdUWPXo3LBQKaEnM"


def cores() -> int:
    """Return how many this process may use: in a container by PYTHON_CPU_COUNT, which Python knows since 3.13."""
    count = getattr(os, "process_cpu_count", None)
    return count() if count else len(os.sched_getaffinity(0))


MAX_HASHES_AT_ONCE = max(1, cores() // 2)  # each takes 64 MiB and tens of milliseconds
MAX_WAITING = 32  # which takes two or three seconds for the last
BUSY_SECONDS = 2  # what Retry-After says when that many wait
NICENESS = 5  # a third of the cores where all want them: others hardly notice, and logins go on


class Passwords:
    """Argon2id, in threads of its own that leave the cores to everyone else who wants them."""

    def __init__(self, max_waiting: int = MAX_WAITING) -> None:
        self._threads = ThreadPoolExecutor(MAX_HASHES_AT_ONCE, "passwords", initializer=_give_way)
        self._free_places = MAX_HASHES_AT_ONCE + max_waiting

    @contextlib.contextmanager
    def place(self) -> Iterator[None]:
        """Take a place in the queue, to `verify` or `hash` a password from; raise `TooManyRequests` if none is free."""
        if self._free_places == 0:
            raise TooManyRequests(BUSY_SECONDS, "Too many passwords are being looked at; try again shortly.")
        self._free_places -= 1
        try:
            yield
        finally:
            self._free_places += 1

    async def verify(self, password: str, password_hash: str | None) -> bool:
        """Tell whether `password` fits; without a hash the answer is no, in the time of a real one."""
        loop = asyncio.get_running_loop()
        fits = await loop.run_in_executor(self._threads, _fits, password, password_hash or HASH_OF_NOTHING)
        return fits and password_hash is not None

    async def hash(self, password: str) -> str:
        return await asyncio.get_running_loop().run_in_executor(self._threads, hash_password, password)


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def _give_way() -> None:
    """Lower the priority of this thread, and so of those that Argon2 starts from it, one for each of its lanes."""
    os.nice(NICENESS)  # on Linux this is the thread's, not the process's


def _fits(password: str, password_hash: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
