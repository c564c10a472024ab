"""What answers requests, made once a process: making litestar's routes takes longer than most tests do."""

import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from litestar import Litestar
from litestar.types import ASGIApp

from app import asgi
from app.asgi import Services
from app.console import Console
from app.settings import Settings

Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]


class Lent:
    """Stands for a service of whichever test has the routes."""

    service: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.service, name)


class Routes:
    """The console and the API. All behind them, and what is kept there, is made anew for each test."""

    def __init__(self, settings: Settings) -> None:
        self._services = {name: Lent() for name in Services.__struct_fields__}
        self._api = asgi.create_api(settings, Services(**self._services), self._running)  # type: ignore[arg-type]
        self._frontend_url = settings.frontend_url
        self._console = Console(self._api)
        self._lifespan: Lifespan | None = None

    @contextlib.contextmanager
    def lent(self) -> Iterator[None]:
        """Within it, an app that is created has these; one at a time."""
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(asgi, "create_api", self.behind)
            patched.setattr(asgi, "Console", lambda _: self._console)
            yield

    def app(self, settings: Settings) -> ASGIApp:
        """Return an app that has these, which no other has any more."""
        with self.lent():
            return asgi.create_app(settings)

    def behind(self, settings: Settings, services: Services, lifespan: Lifespan) -> Litestar:
        """Put these services behind the routes; the one setting that has a say in routes must be theirs."""
        assert settings.frontend_url == self._frontend_url
        for name, lent in self._services.items():
            lent.service = getattr(services, name)
        self._lifespan = lifespan
        return self._api

    @contextlib.asynccontextmanager
    async def _running(self, api: Litestar) -> AsyncIterator[None]:
        assert self._lifespan
        async with self._lifespan(api):
            yield
