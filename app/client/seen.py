"""How new is what a client has been told: the API may read from a replica, and nothing it tells next is to be older."""

from typing import Final

HEADER: Final = "Bulkhead-LSN"
LATEST: Final = "latest"


class Seen:
    """Takes an answer that says how new it is by its word; after all else what is newest is asked for."""

    def __init__(self) -> None:
        self._newest = ""
        self._doubts = 1  # who begins knows nothing
        self._settled = 0

    @property
    def doubts(self) -> int:
        """To be had before a request is sent, and given to `note` with its answer."""
        return self._doubts

    @property
    def header(self) -> dict[str, str]:
        return {HEADER: LATEST if self._doubts > self._settled else self._newest}

    def doubt(self) -> None:
        """Something was told, or done, and nobody said how new it is."""
        self._doubts += 1

    def note(self, position: str | None, doubts: int) -> None:
        if position is None:
            self.doubt()
            return
        self._newest = max(self._newest, position)  # as text, for they are of one length
        self._settled = max(self._settled, doubts)
