"""axe-core, which finds what people with screen readers, keyboards and weak eyes would stumble over."""

import shutil
import subprocess
from pathlib import Path

from playwright.async_api import Page

from app.cli import node

INSTALL_SECONDS = 120
RUN = """
async () => {
  const { violations } = await axe.run();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}
"""


def installed(folder: Path) -> str:
    """Return its source, at the version that our lock file pins."""
    shutil.copytree(Path(__file__).with_name("axe"), folder, ignore=shutil.ignore_patterns("node_modules"))
    subprocess.run(
        ["npm", "ci", "--silent", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"],  # noqa: S607
        cwd=folder,
        env={"PATH": node.search_path(), "HOME": str(Path.home())},
        check=True,
        timeout=INSTALL_SECONDS,
    )
    return (folder / "node_modules/axe-core/axe.min.js").read_text()


async def findings(page: Page, source: str) -> list[str]:
    """Look at a page as it is now; a content security policy does not bind who drives the browser."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(source)
    found: list[str] = await page.evaluate(RUN)
    return found
