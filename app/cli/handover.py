"""Commands that are programs of their own, with their own arguments."""

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from app.cli.environment import REPOSITORY


def become(module: str, arguments: Sequence[str]) -> NoReturn:
    os.chdir(REPOSITORY)
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])  # noqa: S606 - of this venv
