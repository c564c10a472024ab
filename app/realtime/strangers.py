"""Connections that have not logged in yet: how many there may be, and for how long."""

import time
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from app.realtime.errors import TooManySockets, TooManySocketsOfAddress


class Stranger(NamedTuple):
    address: str
    until: float


class Strangers:
    """Knows every connection from its handshake to its login."""

    def __init__(
        self,
        *,
        max_in_all: int = 500,
        max_of_address: int = 50,
        login_seconds: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._max_in_all = max_in_all
        self._max_of_address = max_of_address
        self._login_seconds = login_seconds
        self._clock = clock
        self._strangers: dict[str, Stranger] = {}
        self._of_address: Counter[str] = Counter()

    def check(self, address: str) -> None:
        """Raise `TooManySockets`, or `TooManySocketsOfAddress`, if no more can be let in."""
        if len(self._strangers) >= self._max_in_all:
            raise TooManySockets
        if self._of_address[address] >= self._max_of_address:
            raise TooManySocketsOfAddress

    def add(self, connection: str, address: str) -> None:
        self._strangers[connection] = Stranger(address, self._clock() + self._login_seconds)
        self._of_address[address] += 1

    def remove(self, connection: str) -> None:
        """Forget a connection that has logged in, or is closed."""
        stranger = self._strangers.pop(connection, None)
        if stranger is not None:
            self._of_address[stranger.address] -= 1
            self._of_address += Counter()  # drops those that are zero

    def overdue(self) -> list[str]:
        """Return the connections that have had their time to log in."""
        now = self._clock()
        return [connection for connection, stranger in self._strangers.items() if stranger.until <= now]
