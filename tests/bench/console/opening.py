"""From opening a job's address until its figure is shown: session, code, the job itself, and a frame.

Cold is a browser that has never been here, but for the cookie; warm is another page of one that has seen the job.
"""

from playwright.async_api import BrowserContext

from tests.bench.console.visits import Visits
from tests.bench.databases import Databases
from tests.bench.figures import Row, row

ROUNDS, QUICK_ROUNDS = 10, 3
WARM_UP = 2  # V8 keeps the code that it compiled from the second visit on

NOTE = """
window.figureShown = new Promise((resolve) => {
  const look = () => {
    if (!document.querySelector("main [role=progressbar][aria-valuenow]")) return;
    seen.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
  };
  const seen = new MutationObserver(look);
  seen.observe(document, { subtree: true, childList: true, attributes: true });
});
"""


async def measure(databases: Databases, visits: Visits, job_id: str) -> list[Row]:
    path, cold, warm = f"/jobs/{job_id}", list[float](), list[float]()
    for _ in databases.rounds(ROUNDS, QUICK_ROUNDS):
        async with visits.begin() as context:
            await context.add_init_script(NOTE)
            cold.append(await _open(context, path))
            for _ in range(WARM_UP):
                await _open(context, path)
            warm.append(await _open(context, path))
    return [
        row("a job's address", "cold cache, until its figure is shown", "ms", cold),
        row("a job's address", "warm cache, until its figure is shown", "ms", warm),
    ]


async def _open(context: BrowserContext, path: str) -> float:
    """Open a page, and return how long after the navigation began there was a frame with the figure."""
    page = await context.new_page()
    await page.goto(path)
    milliseconds: float = await page.evaluate("window.figureShown")
    await page.close()
    return milliseconds
