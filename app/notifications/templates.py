import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

FOLDER = Path(__file__).with_name("pages")


class Templates:
    """Puts the same words into text and into HTML, where what people wrote is escaped."""

    def text(self, shown: Mapping[str, Any]) -> str:
        return _compiled("letter.txt", is_html=False).render(shown)

    def html(self, shown: Mapping[str, Any]) -> str:
        return _compiled("letter.html", is_html=True).render(shown)


@functools.cache
def _compiled(name: str, *, is_html: bool) -> Template:
    """Return a template of this folder, compiled once a process: that takes longer than a hundred letters."""
    loader = FileSystemLoader(FOLDER)
    options: dict[str, Any] = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    return Environment(loader=loader, autoescape=is_html, **options).get_template(name)  # noqa: S701 - text is not HTML
