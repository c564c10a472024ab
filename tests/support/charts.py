"""The Helm chart rendered, and what it was rendered to before: `python -m tests.support.charts` renews the latter."""

import functools
import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml  # type: ignore[import-untyped]  # litestar brings it, without types

from tests.support import cluster_tools

REPOSITORY: Final = Path(__file__).parents[2]
CHART: Final = REPOSITORY / "app" / "deploy" / "chart"
TESTS: Final = REPOSITORY / "tests" / "unit" / "deploy"
CASES: Final = ("default", "by-url", "production")
SCHEMA: Final = json.loads((CHART / "values.schema.json").read_text())
COPIES: Final = ("alerts.yaml", "dashboard.yaml")  # made of files that stand beside the chart

Manifest = Mapping[str, Any]


def helm(*words: str | Path) -> subprocess.CompletedProcess[str]:
    found = cluster_tools.helm()
    assert found
    return subprocess.run([found, *words], capture_output=True, text=True, check=False)


def render(*words: str | Path) -> str:
    """Return what `helm install` would send, as the release bulkhead in the namespace desk."""
    done = helm("template", "bulkhead", CHART, "--namespace", "desk", *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def render_case(case: str) -> str:
    file = TESTS / "values" / f"{case}.yaml"
    return render(*(("--values", file) if file.exists() else ()))


def manifests(rendered: str) -> list[Manifest]:
    return [found for found in yaml.safe_load_all(rendered) if found]


@functools.cache
def golden(case: str) -> list[Manifest]:
    return manifests((TESTS / "rendered" / f"{case}.yaml").read_text())


def named(found: list[Manifest], kind: str, name: str) -> Manifest:
    [only] = [
        each for each in found if each["kind"] == kind and each["metadata"]["name"].startswith(f"bulkhead-{name}")
    ]
    return only


def pods(found: list[Manifest]) -> dict[str, Any]:
    """Return the pods that are specified, by the names of their containers."""
    specs = [each["spec"]["template"]["spec"] for each in found if each["kind"] in {"Deployment", "Job"}]
    return {spec["containers"][0]["name"]: spec for spec in specs}


def without_copies(rendered: str) -> str:
    parts = re.split(r"^---\n", rendered, flags=re.MULTILINE)
    kept = [part.strip() for part in parts if part.strip() and not part.splitlines()[0].endswith(COPIES)]
    return "".join(f"---\n{part}\n" for part in kept)


if __name__ == "__main__":
    for case in CASES:
        (TESTS / "rendered" / f"{case}.yaml").write_text(without_copies(render_case(case)))
