"""What the chart renders is what Kubernetes knows: no field misspelled, none of another type, none missing."""

import json
from typing import Any

import pytest
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from tests.support import charts
from tests.support.charts import CASES, Manifest
from tests.support.cluster_tools import SCHEMAS

# Those of operators; Kubernetes' schemas have nothing of them.
OF_OPERATORS = {"Cluster", "ObjectStore", "PodMonitor", "ScaledObject", "ScheduledBackup"}

pytestmark = pytest.mark.skipif(
    not SCHEMAS.exists(),
    reason="Kubernetes' schemas are not here, so nobody looked: python -m tests.support.cluster_tools brings them",
)


def schema_of(manifest: Manifest) -> dict[str, Any]:
    group, _, version = manifest["apiVersion"].rpartition("/")
    words = (manifest["kind"].lower(), group.removesuffix(".k8s.io").partition(".")[0], version)
    found: dict[str, Any] = read("-".join(filter(None, words)) + ".json").contents
    return found


def read(name: str) -> Resource[Any]:
    return DRAFT7.create_resource(json.loads((SCHEMAS / name.rpartition("/")[2]).read_text()))


def wrong(manifest: Manifest) -> list[str]:
    registry: Registry[Any] = Registry(retrieve=read)  # type: ignore[call-arg]  # mypy does not know attrs' aliases
    validator = Draft7Validator(schema_of(manifest), registry=registry)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(manifest)]


@pytest.mark.parametrize("case", CASES)
def test_kubernetes_knows_every_field(case: str) -> None:
    for manifest in charts.golden(case):
        if manifest["kind"] not in OF_OPERATORS:
            assert wrong(manifest) == [], manifest["metadata"]["name"]


def test_a_field_that_is_misspelled_is_found() -> None:
    service = charts.named(charts.golden("default"), "Service", "api")
    assert wrong(service) == []
    assert wrong({**service, "spec": {**service["spec"], "port": 80}})
