"""What stands around the chart's pods finds them, and lets through what they need."""

import itertools
import re
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # litestar brings it, without types

from app.embedded import postgres as embedded
from app.settings import Settings
from tests.support import charts
from tests.support.charts import CASES, REPOSITORY, Manifest
from worker import senders

PROMETHEUS = REPOSITORY / "app/deploy/prometheus"
OF_POSTGRES = {"cnpg.io/cluster": "bulkhead-postgres"}  # which CloudNativePG gives its pods


def labels(case: str) -> dict[str, dict[str, str]]:
    found = (each for each in charts.golden(case) if each["kind"] in {"Deployment", "Job"})
    return {
        (inside := each["spec"]["template"])["spec"]["containers"][0]["name"]: inside["metadata"]["labels"]
        for each in found
    } | {"postgres": OF_POSTGRES}


def selected(case: str, selector: dict[str, str]) -> set[str]:
    return {name for name, has in labels(case).items() if selector.items() <= has.items()}


def policies(case: str) -> dict[str, dict[str, Any]]:
    found = (each for each in charts.golden(case) if each["kind"] == "NetworkPolicy")
    return {each["metadata"]["name"].removeprefix("bulkhead-"): each["spec"] for each in found}


def ports(rules: list[dict[str, Any]]) -> set[Any]:
    return {port["port"] for rule in rules for port in rule.get("ports", ())}


@pytest.mark.parametrize("case", CASES)
def test_every_selector_finds_what_it_is_for(case: str) -> None:
    for each in charts.golden(case):
        kind, name, spec = each["kind"], each["metadata"]["name"], each.get("spec", {})
        selector = spec.get("podSelector") or spec.get("selector") or {}
        if found := selector.get("matchLabels", selector if kind == "Service" else None):
            wanted = {"api", "worker", "migrate"} if name.endswith("-servers") else {name.rpartition("-")[2]}
            assert selected(case, found) == wanted, (kind, name)


def test_the_ingress_leads_to_the_api() -> None:
    [rule] = charts.named(charts.golden("by-url"), "Ingress", "api")["spec"]["rules"]
    [path] = rule["http"]["paths"]
    service = charts.named(charts.golden("by-url"), "Service", "api")
    assert path["backend"]["service"]["name"] == service["metadata"]["name"]
    assert path["backend"]["service"]["port"]["name"] == service["spec"]["ports"][0]["name"]
    assert (path["path"], path["pathType"]) == ("/", "Prefix")  # the console, the API and its sockets


def test_all_pods_reach_names_postgres_and_redis_and_the_worker_what_is_public() -> None:
    found = policies("by-url")
    assert found["servers"]["policyTypes"] == ["Ingress", "Egress"]
    assert "ingress" not in found["servers"]
    assert ports(found["servers"]["egress"]) == {53, 6432, 6379, 26379, 587}
    [public] = found["worker"]["egress"]
    assert {"10.0.0.0/8", "169.254.0.0/16"} <= set(public["to"][0]["ipBlock"]["except"])
    assert "egress" not in found["api"]


def test_only_those_who_are_named_get_in() -> None:
    by_url, production = policies("by-url"), policies("production")
    [api] = by_url["api"]["ingress"]
    assert [peer["namespaceSelector"]["matchLabels"] for peer in api["from"]] == [
        {"kubernetes.io/metadata.name": "ingress-nginx"}
    ]
    assert production["api"]["ingress"][0]["from"] == []  # nobody is named, so all do
    [metrics] = production["worker"]["ingress"]
    assert (ports([metrics]), len(metrics["from"])) == ({"metrics"}, 1)
    assert (ports(production["postgres"]["ingress"]), len(production["postgres"]["ingress"])) == ({5432, 8000, 9187}, 4)


def test_prometheus_asks_at_ports_that_pods_have_with_the_token_they_know() -> None:
    found = charts.golden("production")
    config = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text())
    for process, spec in charts.pods(found).items():
        if process == "migrate":
            continue
        [asked] = charts.named(found, "PodMonitor", process)["spec"]["podMetricsEndpoints"]
        [inside] = spec["containers"]
        assert asked["port"] in {port["name"] for port in inside["ports"]}
        [token] = [each["valueFrom"]["secretKeyRef"] for each in inside["env"] if each["name"] == "METRICS_TOKEN"]
        assert asked["authorization"]["credentials"].items() <= token.items()
        [job] = asked["relabelings"]
        assert job["replacement"] in {each["job_name"] for each in config["scrape_configs"]}


def test_what_monitoring_is_selected_by_is_on_all_of_it() -> None:
    found = [each for each in charts.golden("production") if each["kind"] == "PodMonitor"]
    assert [each["metadata"]["labels"]["release"] for each in found] == ["prometheus"] * 3


def test_workers_are_scaled_by_the_lanes_of_this_release() -> None:
    """Whether there are such metrics, tests of the monitoring's files ask."""
    spec = charts.named(charts.golden("production"), "ScaledObject", "worker")["spec"]
    [trigger] = spec["triggers"]
    assert re.findall(r"bulkhead_\w+(?:\{.*?\})?", trigger["metadata"]["query"]) == [
        'bulkhead_lanes{namespace="desk"}',
        'bulkhead_queue_depth{namespace="desk"}',
    ]


def test_postgres_is_the_version_that_compose_has_and_commits_reach_a_standby() -> None:
    cluster = charts.named(charts.golden("production"), "Cluster", "postgres")
    compose = yaml.safe_load((REPOSITORY / "compose.yaml").read_text())["services"]["postgres"]["image"]
    [version] = re.findall(r"postgresql:(\d+)-", cluster["spec"]["imageName"])
    assert compose == f"postgres:{version}"
    assert (cluster["spec"]["instances"], cluster["spec"]["postgresql"]["synchronous"]) == (
        3,
        {"method": "any", "number": 1, "dataDurability": "required", "failoverQuorum": True},
    )
    assert cluster["metadata"]["annotations"] == {"helm.sh/resource-policy": "keep"}


def test_postgres_folds_letters_as_our_own_does() -> None:
    found = charts.named(charts.golden("production"), "Cluster", "postgres")["spec"]["bootstrap"]["initdb"]
    ours = dict(itertools.pairwise(embedded.INITDB))
    assert found["localeProvider"] == ours["--locale-provider"]
    assert found["builtinLocale"] == ours["--builtin-locale"]


def test_postgres_takes_the_connections_of_as_many_processes_as_there_may_be() -> None:
    """With one pod more of each kind while they are replaced."""
    found, defaults = charts.golden("production"), Settings(database_url="", redis_url="")
    [api] = charts.pods(found)["api"]["containers"]
    [processes] = [int(each["value"]) for each in api["env"] if each["name"] == "API_PROCESSES"]
    apis = charts.named(found, "HorizontalPodAutoscaler", "api")["spec"]["maxReplicas"] + 1
    workers = charts.named(found, "ScaledObject", "worker")["spec"]["maxReplicaCount"] + 1
    of_worker = defaults.db_pool_max + senders.LANES + defaults.worker_lanes
    cluster = charts.named(found, "Cluster", "postgres")["spec"]
    most = apis * processes * defaults.db_pool_max + workers * of_worker
    assert int(cluster["postgresql"]["parameters"]["max_connections"]) > most


def test_base_backups_and_the_wal_go_to_the_same_store() -> None:
    found = charts.golden("production")
    store, backup = (charts.named(found, kind, "postgres") for kind in ("ObjectStore", "ScheduledBackup"))
    [archiver] = charts.named(found, "Cluster", "postgres")["spec"]["plugins"]
    assert archiver["isWALArchiver"]
    assert archiver["parameters"]["barmanObjectName"] == store["metadata"]["name"]
    assert backup["spec"]["pluginConfiguration"]["name"] == archiver["name"]
    assert backup["spec"]["cluster"]["name"] == "bulkhead-postgres"
    assert store["spec"]["configuration"]["s3Credentials"]["secretAccessKey"] == {
        "name": "backups",
        "key": "SECRET_ACCESS_KEY",
    }


def test_nothing_of_a_release_is_left_without_a_name_of_its_own() -> None:
    def key(each: Manifest) -> tuple[str, str]:
        return each["kind"], each["metadata"]["name"]

    for case in CASES:
        keys = [key(each) for each in charts.golden(case)]
        assert len(keys) == len(set(keys))
