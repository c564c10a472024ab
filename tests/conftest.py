"""Real servers for every test: one Postgres and one Redis a run, a database of its own for each test."""

import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from arq.connections import ArqRedis
from sqlalchemy.ext.asyncio import AsyncEngine

from app.embedded import layout
from app.jobs import queue
from app.pools import Pools
from app.settings import Settings
from tests.support import embedded, leftovers, lending, order, prepared, programs
from tests.support.lending import Database
from tests.support.mailbox import Mailbox, mailbox
from tests.support.people import PASSWORD, QUICK_HASHER, People, add_people
from tests.support.receiver import Receiver, receiving
from tests.support.servers import Servers, settings_for
from tests.support.workbench import Workbench

# Hundreds of processes are started, and each would compile it all anew; so would each of ours, which takes pytest 4 s.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# What a shell starts in the background ignores it, and so would all that is started here, which is asked to stop so.
signal.signal(signal.SIGINT, signal.default_int_handler)

# With rich at hand structlog writes tracebacks with all variables, which takes seconds each.
structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()])


def pytest_xdist_auto_num_workers() -> int:
    """Run two processes more than there are cores: much of what tests do is wait."""
    return len(os.sched_getaffinity(0)) + 2


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = order.long_ones_first(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
def _forking() -> Iterator[None]:
    with programs.forking():
        yield


@pytest.fixture(autouse=True)
def _ended() -> Iterator[None]:
    """End what a test leaves running, as all of a process run in one event loop."""
    with leftovers.ended():
        yield


@pytest.fixture(scope="session")
def _started() -> Iterator[Servers]:
    """What they store is thrown away with the run, so nothing waits for the disk."""
    with tempfile.TemporaryDirectory(prefix="bulkhead-tests-") as folder:
        local_dir = Path(folder)
        local_dir.chmod(0o755)  # the servers' own user must get in
        prepared.copy_to(local_dir)
        with embedded.running(local_dir, fsync=False):
            yield Servers(layout.database_url(local_dir), layout.redis_url(local_dir))


@pytest.fixture(scope="session")
async def servers(_started: Servers, anyio_backend: str) -> AsyncIterator[Servers]:
    """From here on all tests of this process share an event loop, in which connections outlive them."""
    yield _started
    await lending.close_all()


@pytest.fixture(scope="session")
def template(servers: Servers) -> str:
    """A database that the real migrations made, and to which nobody connects."""
    return "bulkhead"


@pytest.fixture(scope="session")
def password_hash() -> str:
    """A hash of PASSWORD that takes no time to check: how much work one is stands in the hash itself."""
    return QUICK_HASHER.hash(PASSWORD)


@pytest.fixture
async def lent(servers: Servers, template: str) -> AsyncIterator[Database]:
    async with lending.a_database(servers, template) as database:
        yield database


@pytest.fixture
def database_url(lent: Database) -> str:
    return lent.url


@pytest.fixture
async def settings(servers: Servers, database_url: str) -> Settings:
    return settings_for(database_url, servers.redis_url, CHUNK_SIZE="10")


@pytest.fixture
def engine(lent: Database) -> AsyncEngine:
    return lent.kept.engine


@pytest.fixture
async def redis(settings: Settings) -> AsyncIterator[ArqRedis]:
    """A Redis that nobody has used."""
    redis = queue.create_redis(settings.redis_url)
    await redis.flushall()
    yield redis
    await redis.aclose(close_connection_pool=True)


@pytest.fixture
async def people(engine: AsyncEngine, password_hash: str) -> People:
    return await add_people(engine, password_hash)


@pytest.fixture
def pools(lent: Database) -> Pools:
    return lent.kept.pools


@pytest.fixture
async def bench(pools: Pools, settings: Settings, people: People) -> Workbench:
    return Workbench(pools, settings, people)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A receiver of webhooks."""
    async with receiving() as opened:
        yield opened


@pytest.fixture
async def box() -> AsyncIterator[Mailbox]:
    """A server that takes e-mail."""
    async with mailbox() as opened:
        yield opened
