from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

FOLDER = Path(__file__).with_name("pages")


class Templates:
    """Puts the same words into text and into HTML, where what people wrote is escaped."""

    def __init__(self) -> None:
        loader = FileSystemLoader(FOLDER)
        options: dict[str, Any] = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
        plain = Environment(loader=loader, autoescape=False, **options)  # noqa: S701 - text is not HTML
        self._text = plain.get_template("letter.txt")
        self._html = Environment(loader=loader, autoescape=True, **options).get_template("letter.html")

    def text(self, shown: Mapping[str, Any]) -> str:
        return self._text.render(shown)

    def html(self, shown: Mapping[str, Any]) -> str:
        return self._html.render(shown)
