"""The client is a package of its own: its wheel is imported where nothing is but what it says it needs."""

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

from tests.support.servers import REPOSITORY

CLIENT = REPOSITORY / "app/client"
ALONE = """
import sys

for name in {absent!r}:
    sys.modules[name] = None
sys.path.insert(0, {wheel!r})
import bulkhead_client

assert bulkhead_client.__file__.startswith({wheel!r})
with bulkhead_client.Client("http://127.0.0.1:1", token="t"):
    print("it works")
"""


def distributions(requirements: list[str]) -> set[str]:
    return {re.split(r"[^\w.-]", requirement)[0] for requirement in requirements}


def not_for_clients() -> set[str]:
    """Return the modules of all that Bulkhead needs, and a client does not."""
    whole = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    client = tomllib.loads((CLIENT / "pyproject.toml").read_text())
    needed = distributions([*whole["project"]["dependencies"], *whole["dependency-groups"]["local"]])
    absent = needed - distributions(client["project"]["dependencies"])
    installed = metadata.packages_distributions().items()
    return {module for module, of in installed if absent.intersection(map(str.lower, of))} | {"app"}


def test_its_wheel_works_without_the_rest_of_bulkhead(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=CLIENT, check=True, capture_output=True)
    [wheel] = tmp_path.glob("bulkhead_client-*.whl")
    packed = {name.rpartition("/")[2] for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert packed == {file.name for file in CLIENT.glob("*.py")} | {"py.typed"}
    absent = not_for_clients()
    assert {"litestar", "sqlalchemy", "rich"} < absent
    code = ALONE.format(absent=sorted(absent), wheel=str(wheel))
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("it works\n", "")
