"""What proxies and orchestrators are told: that a process lives, and whether it can serve."""

import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import msgspec
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from structlog.testing import capture_logs

from app import revisions
from app.health import service
from app.settings import Settings
from tests.support.contract import Contract
from tests.support.http import http_client
from tests.support.routes import Routes
from tests.support.servers import REPOSITORY, execute
from tests.support.serving import serving

READY = "/api/health/ready"
NOWHERE = "127.0.0.1:1"
ALL_WELL = {"status": "ok", "postgres": "ok", "redis": "ok", "migrations": "ok"}
QUICK_SECONDS = 8


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with capture_logs():
        yield


@pytest.fixture
def stranger_of(contract: Contract, routes: Routes) -> Any:
    """Ask an API process of these settings, as somebody without a token."""

    @contextlib.asynccontextmanager
    async def open_client(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
        hooks = {"response": [contract.check]}
        async with (
            serving(routes.app(settings)) as url,
            http_client(url, timeout=QUICK_SECONDS, event_hooks=hooks) as client,
        ):
            yield client

    return open_client


@contextlib.asynccontextmanager
async def at_revision(database_url: str, revision: str) -> AsyncIterator[None]:
    await execute(database_url, f"update alembic_version set version_num = '{revision}'")
    try:
        yield
    finally:
        await execute(database_url, f"update alembic_version set version_num = '{revisions.head()}'")


def test_the_newest_revision_is_the_one_that_alembic_goes_to() -> None:
    scripts = ScriptDirectory.from_config(Config(toml_file=REPOSITORY / "pyproject.toml"))
    assert scripts.get_heads() == [revisions.head()]


@pytest.mark.parametrize(
    ("revision", "state"), [(None, "behind"), ("0001", "behind"), ("0022", "ok"), ("0023", "newer")]
)
def test_revisions_are_compared_by_their_numbers(revision: str | None, state: str) -> None:
    assert revisions.state_of(revision, "0022") == state


async def test_a_process_is_ready_when_all_that_requests_need_is_there(
    stranger: httpx.AsyncClient, settings: Settings
) -> None:
    answer = await stranger.get(READY)
    assert (answer.status_code, answer.json()) == (200, ALL_WELL)
    async with at_revision(settings.database_url, "9999"):
        newer = await stranger.get(READY)
    assert (newer.status_code, newer.json()) == (200, ALL_WELL | {"status": "degraded", "migrations": "newer"})
    async with at_revision(settings.database_url, "0001"):
        behind = await stranger.get(READY)
    assert behind.status_code == 503
    assert behind.json().items() >= {"code": "not_ready", "postgres": "ok", "migrations": "behind"}.items()
    assert int(behind.headers["retry-after"]) >= 1
    await execute(settings.database_url, "drop table alembic_version")
    assert (await stranger.get(READY)).json()["migrations"] == "behind"
    assert (await stranger.get("/api/health")).json() == {"status": "ok"}


async def test_without_redis_it_is_ready_all_the_same(stranger_of: Any, settings: Settings) -> None:
    alone = msgspec.structs.replace(settings, redis_url=f"redis://{NOWHERE}")
    async with stranger_of(alone) as client:
        answer = await client.get(READY)
    assert (answer.status_code, answer.json()) == (200, ALL_WELL | {"status": "degraded", "redis": "away"})


async def test_without_postgres_it_lives_and_is_not_ready(stranger_of: Any, settings: Settings) -> None:
    alone = msgspec.structs.replace(settings, database_url=f"postgresql://api@{NOWHERE}/api")
    async with stranger_of(alone) as client:
        ready = await client.get(READY)
        others = [(await client.get(path)).status_code for path in ("/api/health", "/health", "/api/health/live")]
    assert ready.status_code == 503
    assert ready.json().items() >= {"postgres": "away", "redis": "ok", "migrations": None}.items()
    assert others == [503, 503, 200]


async def test_a_server_that_says_nothing_is_away_before_those_who_ask_give_up(
    stranger_of: Any, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # it accepts nobody, and nobody is refused
        place = f"127.0.0.1:{silent.getsockname()[1]}"
        mute = {"database_url": f"postgresql://api@{place}/api", "redis_url": f"redis://{place}"}
        async with stranger_of(msgspec.structs.replace(settings, **mute)) as client:
            answer = await client.get(READY)
    assert answer.json().items() >= {"postgres": "away", "redis": "away", "migrations": None}.items()
