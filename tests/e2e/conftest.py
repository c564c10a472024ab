from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from arq.connections import ArqRedis

from app.settings import Settings
from tests.e2e import shared_system
from tests.e2e.shared_system import SharedSystem
from tests.support.http import http_client
from tests.support.lending import a_database
from tests.support.people import PASSWORD, People
from tests.support.servers import Servers, settings_for
from tests.support.system import System


@pytest.fixture
def system(settings: Settings, redis: ArqRedis, people: People, tmp_path: Path) -> Iterator[System]:
    """Nothing runs yet; whatever a test starts is stopped after it."""
    system = System(settings, tmp_path)
    yield system
    system.stop()


@pytest.fixture
async def admin(system: System) -> AsyncIterator[httpx.AsyncClient]:
    """An admin who has logged in."""
    await system.start_api()
    async with http_client(system.url, timeout=60) as client:
        login = await client.post("/api/login", json={"username": "admin", "password": PASSWORD})
        client.headers["Authorization"] = f"Bearer {login.json()['access_token']}"
        yield client


@pytest.fixture(scope="module")
async def shared(
    servers: Servers, template: str, password_hash: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[SharedSystem]:
    async with (
        a_database(servers, template) as lent,
        shared_system.opened(
            settings_for(lent.url, servers.redis_url), password_hash, tmp_path_factory.mktemp("shared")
        ) as opened,
    ):
        yield opened
