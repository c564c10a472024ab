from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Page

from app.cli import console
from app.cli.errors import CliError
from app.embedded.errors import EmbeddedError
from tests.browser import chromium
from tests.browser.browsers import Browsers
from tests.e2e import shared_system
from tests.e2e.shared_system import SharedSystem
from tests.support.lending import a_database
from tests.support.servers import Servers, settings_for


@pytest.fixture(scope="session")
def _console() -> None:
    """The console as it is in this working copy; of processes that want it at once, one builds it."""
    try:
        console.build(print)
    except (CliError, EmbeddedError, OSError) as error:
        pytest.skip(f"the console could not be built, so nobody looked at it in a browser: {error}")


@pytest.fixture(scope="session")
async def browser(_console: None) -> AsyncIterator[Browser]:
    path = chromium.path()
    if path is None:
        pytest.skip(f"no browser ({', '.join(chromium.NAMES)}) is here, so nobody looked at the console in one")
    async with chromium.launched(path) as launched:
        yield launched


@pytest.fixture(autouse=True)
def _ended() -> None:
    """Playwright works on, whichever test has a browser."""


@pytest.fixture(scope="module")
def chunk_size() -> int:
    return shared_system.CHUNK_SIZE


@pytest.fixture(scope="module")
async def shared(
    browser: Browser,
    servers: Servers,
    template: str,
    password_hash: str,
    chunk_size: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[SharedSystem]:
    """One API with the console, one worker and one database for the tests of a file."""
    log_dir = tmp_path_factory.mktemp("shared")
    async with a_database(servers, template) as lent:
        settings = settings_for(lent.url, servers.redis_url)
        async with shared_system.opened(settings, password_hash, log_dir, chunk_size=chunk_size) as opened:
            yield opened


@pytest.fixture(scope="module")
async def spare() -> AsyncIterator[list[Page]]:
    """Browsers that no test has now."""
    pages: list[Page] = []
    yield pages
    for page in pages:
        await page.context.close()


@pytest.fixture
async def browsers(browser: Browser, shared: SharedSystem, spare: list[Page]) -> AsyncIterator[Browsers]:
    browsers = Browsers(browser, shared.system.url, spare)
    yield browsers
    await browsers.close()


@pytest.fixture
async def stranger(browsers: Browsers) -> Page:
    return await browsers.open()


@pytest.fixture
async def admin(browsers: Browsers) -> Page:
    return await browsers.open("admin")
