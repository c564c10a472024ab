"""Whom a client speaks for."""

import asyncio
from collections.abc import Awaitable, Callable

Source = Callable[[], Awaitable[str]]


class Credentials:
    """The token in use. It is fetched when it is first needed, and anew when the API will have it no more."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._token: str | None = None

    async def token(self, *, refused: str | None = None) -> str:
        """Return a token; another than `refused`, as far as its source has one."""
        if self._token is None or self._token == refused:
            self._token = await self._source()
        return self._token


def given(token: str | Callable[[], str]) -> Source:
    async def source() -> str:
        return token if isinstance(token, str) else await asyncio.to_thread(token)  # it may take its time

    return source
