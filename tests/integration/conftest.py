import contextlib
import functools
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from uuid import UUID

import httpx
import pytest
from arq.connections import ArqRedis
from litestar.types import ASGIApp

from app import pools
from app.accounts import passwords, tokens
from app.accounts.models import User
from app.comments.service import Comments
from app.deliveries import delays
from app.notifications.smtp import Smtp
from app.settings import Settings
from tests.support.contract import Contract
from tests.support.fakes import RecordedTicketAnnouncer
from tests.support.http import http_client
from tests.support.lending import Database
from tests.support.mailbox import Mailbox
from tests.support.people import QUICK_HASHER, People
from tests.support.post_office import PostOffice
from tests.support.routes import Routes
from tests.support.servers import settings_for
from tests.support.serving import serving
from tests.support.workbench import Workbench

Client = Callable[[User | None], AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture(autouse=True)
def late_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have what failed be tried again as late as may be: by chance it would be at once."""
    latest = functools.partial(delays.before_retry, jitter=lambda _, most: most)
    monkeypatch.setattr(delays, "before_retry", latest)


@pytest.fixture(scope="session")
def routes() -> Routes:
    return Routes(settings_for("postgresql://nowhere", "redis://nowhere"))


@pytest.fixture
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords in no time: those of the tests' users are checked so already."""
    monkeypatch.setattr(passwords, "_hasher", QUICK_HASHER)
    monkeypatch.setattr(passwords, "HASH_OF_NOTHING", QUICK_HASHER.hash("nobody's"))


@pytest.fixture
def api(
    routes: Routes, lent: Database, settings: Settings, redis: ArqRedis, people: People, _quick_hashes: None
) -> ASGIApp:
    """What the API process serves; the database has `people` in it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pools, "opened", lent.kept.opened)
        return routes.app(settings)


@pytest.fixture
async def base_url(api: ASGIApp) -> AsyncIterator[str]:
    """The API process as it is, on a port of its own."""
    async with serving(api) as url:
        yield url


@pytest.fixture(scope="session")
def contract() -> Contract:
    return Contract.of_the_app()


@pytest.fixture
async def client(base_url: str, settings: Settings, contract: Contract) -> Client:
    """Make HTTP clients, with a user's token or none; every answer is held against the OpenAPI document."""

    @contextlib.asynccontextmanager
    async def open_client(user: User | None) -> AsyncIterator[httpx.AsyncClient]:
        headers = {"Authorization": f"Bearer {tokens.issue(user.id, settings.jwt_secret, 600)}"} if user else {}
        async with http_client(
            base_url, headers=headers, timeout=30, event_hooks={"response": [contract.check]}
        ) as opened:
            yield opened

    return open_client


@pytest.fixture
async def admin(client: Client, people: People) -> AsyncIterator[httpx.AsyncClient]:
    async with client(people.admin) as opened:
        yield opened


@pytest.fixture
async def agent(client: Client, people: People) -> AsyncIterator[httpx.AsyncClient]:
    async with client(people.agent) as opened:
        yield opened


@pytest.fixture
async def requester(client: Client, people: People) -> AsyncIterator[httpx.AsyncClient]:
    async with client(people.requester) as opened:
        yield opened


@pytest.fixture
async def stranger(client: Client) -> AsyncIterator[httpx.AsyncClient]:
    """A client without a token."""
    async with client(None) as opened:
        yield opened


@pytest.fixture
def office(bench: Workbench, people: People, box: Mailbox) -> PostOffice:
    """E-mail goes to `box`."""
    office = PostOffice(bench.engine, people.admin)
    office.providers.append(Smtp(box.url, "Help desk <desk@example.com>"))
    return office


@pytest.fixture
def comments(bench: Workbench) -> Comments:
    return Comments(bench.pools, RecordedTicketAnnouncer(), bench.outbox)


@pytest.fixture
async def ticket_id(bench: Workbench, people: People) -> UUID:
    """A ticket of the requester, with the agent."""
    [added] = await bench.tickets(1)
    await bench.execute("update tickets set assignee_id = :agent where id = :id", agent=people.agent.id, id=added)
    return added
