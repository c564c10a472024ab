"""What is made of this repository has one version, that of the contract which all of it speaks."""

import json
import tomllib

import pytest

from app.version import VERSION
from tests.support.servers import REPOSITORY


def test_the_client_for_python_has_the_version() -> None:
    project = tomllib.loads((REPOSITORY / "app/client/pyproject.toml").read_text())["project"]
    assert project["version"] == VERSION


@pytest.mark.parametrize("folder", ["app/web", "app/web/client"])
def test_the_console_and_the_client_for_javascript_have_the_version(folder: str) -> None:
    package, lock = (
        json.loads((REPOSITORY / folder / f"{name}.json").read_text()) for name in ("package", "package-lock")
    )
    assert [package["version"], lock["version"], lock["packages"][""]["version"]] == [VERSION] * 3
