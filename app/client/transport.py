"""Requests to the API that are made again when that is safe and may help."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from . import credentials, models, retries
from .credentials import Credentials
from .errors import Interrupted, Refused, Unreachable
from .seen import HEADER, Seen

TIMEOUT: Final = httpx.Timeout(60, connect=5)
LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


class Transport:
    def __init__(
        self,
        url: str,
        *,
        token: str | Callable[[], str] | None,
        username: str | None,
        password: str | None,
        patience_seconds: float,
    ) -> None:
        self.url = checked(url)
        self.seen = Seen()
        self._http = _opened(self.url)
        self._patience_seconds = patience_seconds
        if (token is None) is (username is None or password is None):
            raise ValueError("Give either a token, or a username and a password")
        self._login = {"username": username, "password": password}
        self._credentials = Credentials(self._log_in if token is None else credentials.given(token))

    async def token(self, *, refused: str | None = None) -> str:
        return await self._credentials.token(refused=refused)

    async def close(self) -> None:
        await self._http.aclose()

    async def ask(self, method: str, path: str, **how: Any) -> httpx.Response:
        """Return the answer, read; raises what `answering` does."""
        async with self.answering(method, path, **how) as answer:
            await answer.aread()
            return answer

    @asynccontextmanager
    async def answering(
        self, method: str, path: str, *, patience_seconds: float | None = None, **how: Any
    ) -> AsyncIterator[httpx.Response]:
        """Give an answer to be read; ask again while that may help and patience lasts.

        Raises:
            Unreachable: there was no answer.
            Refused: the answer was no, and will be.
        """
        patience = self._patience_seconds if patience_seconds is None else patience_seconds
        until, tries, in_doubt = time.monotonic() + patience, 0, False
        while True:
            tries += 1
            try:
                answer = await self._authorized(method, path, **how)
                break
            except (Refused, Unreachable) as error:
                in_doubt = _noted(error, in_doubt=in_doubt)
                pause = _pause_after(error, tries)
                if pause is None or time.monotonic() + pause > until:
                    raise
            await asyncio.sleep(pause)
        try:
            yield answer
        except httpx.TransportError as error:
            raise Interrupted(f"The answer of {self.url} broke off: {str(error) or type(error).__name__}") from error
        finally:
            await answer.aclose()

    async def _authorized(self, method: str, path: str, **how: Any) -> httpx.Response:
        token = await self.token()
        try:
            return await self._once(method, path, token=token, **how)
        except Refused as refused:
            if refused.status != HTTPStatus.UNAUTHORIZED or (fresh := await self.token(refused=token)) == token:
                raise
        return await self._once(method, path, token=fresh, **how)

    async def _once(
        self, method: str, path: str, *, token: str | None = None, headers: Mapping[str, str] | None = None, **how: Any
    ) -> httpx.Response:
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        seen = self.seen.header
        request = self._http.build_request(method, path, headers={**(headers or {}), **seen, **bearer}, **how)
        try:
            answer = await self._sent(request)
            if answer.is_success:
                return answer
            content = await answer.aread()
        except httpx.TransportError as error:
            raise self._unreachable(error) from error
        raise Refused.of(answer.status_code, content, retries.retry_after_of(answer.headers.get("Retry-After")))

    async def _sent(self, request: httpx.Request) -> httpx.Response:
        doubts, position = self.seen.doubts, None
        try:
            answer = await self._http.send(request, stream=True)
            position = answer.headers.get(HEADER)
            return answer
        finally:
            self.seen.note(position, doubts)

    def _unreachable(self, error: httpx.TransportError) -> Unreachable:
        return Unreachable(f"The API does not answer at {self.url}: {str(error) or type(error).__name__}")

    async def _log_in(self) -> str:
        answer = await self._once("POST", "/api/login", json=self._login)
        return models.read(await answer.aread(), models.AccessToken).access_token


def checked(url: str) -> str:
    """Return an address without a slash at its end; `ValueError` if it is none that a client could call."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"{url!r} is no address like https://bulkhead.example.com")
    return url.rstrip("/")


def _opened(url: str) -> httpx.AsyncClient:
    """Open a client that asks this machine itself directly, and reads certificates only where it needs them."""
    parts = urlsplit(url)
    is_near = parts.hostname in LOOPBACK
    return httpx.AsyncClient(base_url=url, timeout=TIMEOUT, trust_env=not is_near, verify=parts.scheme == "https")


def _noted(error: Refused | Unreachable, *, in_doubt: bool) -> bool:
    """Note on a refusal whether an earlier try was in doubt; return whether the next one will have been."""
    if isinstance(error, Unreachable):
        return True
    error.may_have_happened = in_doubt
    return in_doubt or retries.leaves_doubt(error.status)


def _pause_after(error: Refused | Unreachable, tries: int) -> float | None:
    """Return how long to wait before another try; None if it would be in vain."""
    if isinstance(error, Unreachable):
        return retries.pause_seconds(tries, None)
    return retries.pause_seconds(tries, error.retry_after) if retries.is_passing(error.status) else None
