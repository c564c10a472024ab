"""What the chart makes of pods is true of the code and of the image."""

import importlib.util
import json
import re
import tempfile
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # litestar brings it, without types

from app import __main__ as api
from app import database
from app.cli import catalog
from app.health import service as health
from app.version import VERSION
from tests.support import charts
from tests.support.charts import CASES, CHART, REPOSITORY
from worker import consumer, heartbeat
from worker import health as worker_health

EVERY = [(case, process) for case in CASES for process in ("api", "worker", "migrate")]
DOCKERFILE = (REPOSITORY / "Dockerfile").read_text()


def pod(case: str, process: str) -> dict[str, Any]:
    found: dict[str, Any] = charts.pods(charts.golden(case))[process]
    return found


def container(case: str, process: str) -> dict[str, Any]:
    [found] = pod(case, process)["containers"]
    return dict(found)


def test_the_chart_is_of_this_version() -> None:
    assert yaml.safe_load((CHART / "Chart.yaml").read_text())["appVersion"] == VERSION
    assert container("default", "api")["image"] == f"bulkhead:{VERSION}"


@pytest.mark.parametrize(("case", "process"), EVERY)
def test_a_pod_may_do_nothing_but_its_work(case: str, process: str) -> None:
    found, inside = pod(case, process), container(case, process)
    assert inside["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert found["securityContext"]["runAsNonRoot"]
    assert found["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert (found["automountServiceAccountToken"], found["enableServiceLinks"]) == (False, False)
    assert inside["resources"]["requests"].keys() == {"cpu", "memory"}
    assert "memory" in inside["resources"]["limits"]


@pytest.mark.parametrize(("case", "process"), EVERY)
def test_a_pod_runs_as_the_user_of_the_image(case: str, process: str) -> None:
    [uid] = re.findall(r"useradd .*--uid (\d+) ", DOCKERFILE)
    assert pod(case, process)["securityContext"]["runAsUser"] == int(uid)


@pytest.mark.parametrize(("case", "process"), EVERY)
def test_what_is_written_to_is_there(case: str, process: str) -> None:
    [volume] = pod(case, process)["volumes"]
    [mount] = container(case, process)["volumeMounts"]
    assert (mount["name"], "emptyDir" in volume) == (volume["name"], True)
    assert mount["mountPath"] == str(heartbeat.FOLDER.parent) == tempfile.gettempdir()


def test_each_runs_a_program_that_there_is() -> None:
    commands = {process: container("default", process)["command"] for process in ("api", "worker", "migrate")}
    probe = container("default", "worker")["livenessProbe"]["exec"]["command"]
    for command in (*commands.values(), probe):
        assert command[:2] == ["python", "-m"]
        program = importlib.util.find_spec(command[2])
        assert program
        assert not program.submodule_search_locations or importlib.util.find_spec(f"{command[2]}.__main__")
    assert f"CMD {json.dumps(commands['api'])}" in DOCKERFILE
    assert commands["migrate"][3] in {entry.name for entry in catalog.ENTRIES}


def test_probes_ask_what_the_api_answers() -> None:
    inside = container("default", "api")
    asked = {name: inside[f"{name}Probe"]["httpGet"]["path"] for name in ("startup", "liveness", "readiness")}
    assert asked == {"startup": "/api/health/live", "liveness": "/api/health/live", "readiness": "/api/health/ready"}
    assert set(asked.values()) <= set(json.loads((REPOSITORY / "app/web/openapi.json").read_text())["paths"])
    assert inside["readinessProbe"]["timeoutSeconds"] > health.SECONDS


def test_a_worker_is_left_alone_for_longer_than_it_may_be_silent() -> None:
    inside = container("default", "worker")
    probe = inside["livenessProbe"]
    assert probe["exec"] == inside["startupProbe"]["exec"]
    assert probe.get("failureThreshold", 3) * probe["periodSeconds"] > worker_health.SILENT_SECONDS


def test_ports_are_those_that_processes_are_told() -> None:
    told = {each["name"]: each.get("value") for each in container("default", "api")["env"]}
    ports = {process: container("default", process)["ports"] for process in ("api", "worker")}
    assert ports["api"] == [{"name": "http", "containerPort": int(told["PORT"])}]
    assert ports["worker"] == [{"name": "metrics", "containerPort": int(told["METRICS_PORT"])}]
    assert f"EXPOSE {told['PORT']}\n" in DOCKERFILE


def test_there_is_time_to_end_what_is_under_way() -> None:
    inside = container("default", "api")
    wait = inside["lifecycle"]["preStop"]["sleep"]["seconds"]
    closing = 4 * database.CLOSE_SECONDS  # three pools, and what else is closed
    readiness = inside["readinessProbe"]
    assert pod("default", "api")["terminationGracePeriodSeconds"] > wait + api.GRACE_SECONDS + closing
    assert wait >= readiness["periodSeconds"]
    # What is in hand, what it may still be rolled back in, and the connections.
    assert pod("default", "worker")["terminationGracePeriodSeconds"] > 2 * consumer.GRACE_SECONDS + closing


@pytest.mark.parametrize("process", ["api", "worker"])
def test_pods_of_a_kind_are_spread_and_replaced_one_at_a_time(process: str) -> None:
    found = charts.named(charts.golden("default"), "Deployment", process)["spec"]
    labels = found["template"]["metadata"]["labels"]
    spread = found["template"]["spec"]["topologySpreadConstraints"]
    assert {each["topologyKey"] for each in spread} == {"kubernetes.io/hostname", "topology.kubernetes.io/zone"}
    assert all(each["labelSelector"]["matchLabels"].items() <= labels.items() for each in spread)
    assert found["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
    budget = charts.named(charts.golden("default"), "PodDisruptionBudget", process)["spec"]
    assert (budget["maxUnavailable"], budget["selector"]) == (1, found["selector"])


def test_autoscalers_have_the_replicas_to_themselves() -> None:
    by_hand, by_load = charts.golden("default"), charts.golden("production")
    for process in ("api", "worker"):
        assert charts.named(by_hand, "Deployment", process)["spec"]["replicas"] == 2
        assert "replicas" not in charts.named(by_load, "Deployment", process)["spec"]
    assert charts.named(by_load, "HorizontalPodAutoscaler", "api")["spec"]["scaleTargetRef"]["name"] == "bulkhead-api"
    assert charts.named(by_load, "ScaledObject", "worker")["spec"]["scaleTargetRef"]["name"] == "bulkhead-worker"


def test_what_is_said_of_all_pods_is_in_all() -> None:
    for process in ("api", "worker", "migrate"):
        found = pod("by-url", process)
        assert (found["nodeSelector"], found["priorityClassName"]) == ({"pool": "desk"}, "high")
        assert found["imagePullSecrets"] == [{"name": "registry"}]


def test_what_the_notes_tell_to_run_can_be_run() -> None:
    told = re.findall(r"-m app\.cli ((?:[a-z]+ ?)+)", (CHART / "templates" / "NOTES.txt").read_text())
    known = {entry.name for entry in catalog.ENTRIES}
    assert len(told) == 2
    assert all(any(line.strip().startswith(name) for name in known - {""}) for line in told)
