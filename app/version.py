"""The version of the contract with clients, which pyproject.toml holds."""

import tomllib
from pathlib import Path
from typing import Final

_PROJECT: Final = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"]
VERSION: Final[str] = _PROJECT["version"]
