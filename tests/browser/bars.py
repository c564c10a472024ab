"""What a page's progress bar has shown, from the moment someone looks, whatever it does too fast for the eye."""

from playwright.async_api import Page

RECORD = """
() => {
  window.shown = [];
  const look = () => {
    const bar = document.querySelector("main [role=progressbar]");
    const value = bar && bar.getAttribute("aria-valuenow");
    if (value !== null && value !== window.shown.at(-1)) window.shown.push(value);
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
  look();
}
"""


async def record(page: Page) -> None:
    """Begin to note what the first bar of the screen shows; a reload would end that."""
    await page.evaluate(RECORD)


async def recorded(page: Page) -> list[int]:
    values: list[str] | None = await page.evaluate("window.shown")
    assert values is not None, "the page was loaded anew"
    return [int(value) for value in values]
