"""axe-core, which finds what people with screen readers, keyboards and weak eyes would stumble over."""

from pathlib import Path

from playwright.async_api import Page

from tests.support import npm

# Of what is well nothing is written down, and of what is not neither its place in the page nor its style sheets.
RUN = """
async () => {
  const { violations } = await axe.run({ resultTypes: ["violations"], selectors: false, preload: false });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}
"""


def installed(folder: Path) -> str:
    """Return its source, at the version that our lock file pins."""
    return (npm.install(Path(__file__).with_name("axe"), folder) / "axe-core/axe.min.js").read_text()


async def findings(page: Page, source: str) -> list[str]:
    """Look at a page as it is now; a content security policy does not bind who drives the browser."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(source)
    found: list[str] = await page.evaluate(RUN)
    return found
