import os
import sys
import webbrowser
from argparse import Namespace

from app.cli import environment
from app.cli.commands import status
from app.cli.errors import CliError
from app.cli.outcome import Outcome

SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")


def run(_: Namespace) -> Outcome:
    report = status.look(environment.read())
    url = report.api_url
    if url is None or report.code == status.NOTHING_RUNS:
        raise CliError("nothing is running, and so there is no console to open: ./manage.sh up comes first")
    is_open = has_browser() and webbrowser.open(url)
    return Outcome({"url": url, "opened": is_open}, url if is_open else f"There is no browser here. The console: {url}")


def has_browser() -> bool:
    """Tell whether a browser with windows may be here: those in a terminal can do nothing with the console."""
    return sys.platform == "darwin" or any(os.environ.get(name) for name in SCREENS)
