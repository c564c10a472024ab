"""A list of items by the million, whose scroll bar is dragged: from its release until the rows there are shown.

A drag takes a third of a second and a step in each frame; each is on a page that has just been opened.
"""

from tests.bench.console.visits import Visits
from tests.bench.databases import Databases
from tests.bench.figures import Row, row

ROUNDS, QUICK_ROUNDS = 10, 3
FRAMES = 20
PLACES = {"middle": 0.5, "end": 1.0}

DRAG = """
({ share, steps }) => new Promise((resolve) => {
  const list = document.querySelector("main [role=table][aria-label=Items]");
  const wanted = Math.max(1, Math.round(list.getAttribute("aria-rowcount") * share));
  const end = (list.scrollHeight - list.clientHeight) * share;
  let step = 0, releasedAt;
  const areShown = () => {
    const rows = [...list.querySelectorAll("[role=row]")];
    const isNear = (row) => Math.abs(row.getAttribute("aria-rowindex") - wanted) < rows.length;
    return rows.some(isNear) && !rows.some((row) => row.hasAttribute("aria-busy"));
  };
  const look = () => {
    if (step < steps) {
      step += 1;
      list.scrollTop = end * step / steps;
      releasedAt = performance.now();
    } else if (areShown()) {
      resolve(performance.now() - releasedAt);
      return;
    }
    requestAnimationFrame(look);
  };
  look();
})
"""


async def measure(databases: Databases, visits: Visits, job_id: str, size: int) -> list[Row]:
    found: dict[str, list[float]] = {place: [] for place in PLACES}
    async with visits.begin() as context:
        page = await context.new_page()
        for _ in databases.rounds(ROUNDS, QUICK_ROUNDS):
            for place, share in PLACES.items():
                await page.goto(f"/jobs/{job_id}")
                await page.get_by_role("row").nth(1).wait_for()
                found[place].append(await page.evaluate(DRAG, {"share": share, "steps": FRAMES}))
    return [
        row(f"{size:,} items", f"dragged to the {place}, until rows are shown", "ms", found[place]) for place in PLACES
    ]
