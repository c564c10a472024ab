"""Pictures of every screen, wide and narrow, light and dark: `python -m tests.browser.shots FOLDER`."""

import argparse
import asyncio
from pathlib import Path
from typing import get_args

from playwright.async_api import Page, expect

from app.cli import console
from app.embedded import layout
from tests.browser import chromium
from tests.browser.browsers import NARROW, WIDE, Browsers, Colors, shape
from tests.browser.screens import MEANT, SCREENS, Shown, furnished
from tests.chaos.play import PASSWORD_HASH, a_local_dir
from tests.e2e import shared_system
from tests.support import embedded
from tests.support.servers import migrate, settings_for


async def main(folder: Path) -> None:
    """Serve the built console with sample data, and take all pictures."""
    console.build(print)
    path = chromium.path()
    if path is None:
        raise SystemExit(f"None of {', '.join(chromium.NAMES)} is here.")
    with a_local_dir() as local_dir, embedded.running(local_dir, fsync=False):
        await asyncio.to_thread(migrate, layout.database_url(local_dir))
        settings = settings_for(layout.database_url(local_dir), layout.redis_url(local_dir))
        async with (
            shared_system.opened(settings, PASSWORD_HASH, local_dir) as shared,
            furnished(shared) as shown,
            chromium.launched(path) as browser,
        ):
            full = shown._replace(beneath="")
            for width in (WIDE, NARROW):
                for colors in get_args(Colors):
                    await shoot(Browsers(browser, shared.system.url, []), full, folder, width, colors)


async def shoot(browsers: Browsers, shown: Shown, folder: Path, width: int, colors: Colors) -> None:
    signed_in = await browsers.open("admin", width=width, colors=colors)
    browsers.allow(MEANT)
    for name, go in SCREENS.items():
        tab = await signed_in.context.new_page()  # as a tab keeps what was open in it
        await shape(tab, width, colors)
        await go(tab, shown)
        await settled(tab)
        await tab.screenshot(path=folder / f"{name}-{width}-{colors}.png", animations="disabled")
        await tab.close()
    await browsers.close()


async def settled(page: Page) -> None:
    """Wait for what the way to a screen does not wait for: the views at the side, and the rows of a list."""
    await page.wait_for_load_state("networkidle")
    await expect(page.locator("[role=row][aria-busy=true]")).to_have_count(0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.browser.shots", description=__doc__)
    parser.add_argument("folder", type=Path)
    asyncio.run(main(parser.parse_args().folder))
