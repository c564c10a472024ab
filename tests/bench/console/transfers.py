"""JavaScript that a first visit transfers until the network is quiet, by the browser's own log.

Bodies are what the build's budget is about; each file has its headers too, and these are told apart.
"""

from typing import Any, NamedTuple

from playwright.async_api import BrowserContext

from tests.bench.console.visits import Visits
from tests.bench.figures import Row, Target, row

ENCODINGS = {"gzip": "gzip", "brotli": "br"}
VISITORS = {"sign-in": None, "tickets": "admin"}  # of the same address
TARGETS = {("sign-in", "gzip"): 120, ("tickets", "gzip"): 230}


class Script(NamedTuple):
    body: float
    headers: float


async def measure(visits: Visits) -> list[Row]:
    rows = []
    for screen, username in VISITORS.items():
        case = f"first visit, {screen}"
        for name, encoding in ENCODINGS.items():
            async with visits.begin(username) as context:
                scripts = await _transferred(context, encoding)
            limit = TARGETS.get((screen, name))
            target = Target("median", "<", limit) if limit else None
            body = sum(script.body for script in scripts)
            rows.append(row(case, f"JavaScript, {name}", "kB", [body / 1000], target=target))
        headers = sum(script.headers for script in scripts)
        rows += [
            row(case, "headers of these", "kB", [headers / 1000]),
            row(case, "JavaScript files", "", [len(scripts)]),
        ]
    return rows


async def _transferred(context: BrowserContext, encoding: str) -> list[Script]:
    """Return what each script took in a visit by a browser that knows one encoding."""
    page = await context.new_page()
    await page.set_extra_http_headers({"Accept-Encoding": encoding})
    session = await context.new_cdp_session(page)
    headers, totals = dict[str, float](), dict[str, float]()

    def respond(event: dict[str, Any]) -> None:
        if event["type"] == "Script":
            headers[event["requestId"]] = event["response"]["encodedDataLength"]

    def finish(event: dict[str, Any]) -> None:
        totals[event["requestId"]] = event["encodedDataLength"]

    session.on("Network.responseReceived", respond)
    session.on("Network.loadingFinished", finish)
    await session.send("Network.enable")
    await page.goto("/", wait_until="networkidle")
    return [Script(totals[script] - size, size) for script, size in headers.items()]
