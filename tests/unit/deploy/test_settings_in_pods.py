"""What the chart's pods are told is what the processes read, and nothing secret stands in a manifest."""

import re
from typing import Any

import msgspec
import pytest

from app import settings
from app.settings import Settings, SettingsError
from tests.support import charts
from tests.support.charts import CASES

PROCESSES = {"api", "worker", "migrate"}
OF_PYTHON = {"PYTHON_CPU_COUNT"}
# DATABASE_URL and REDIS_URL say it all; what `up` makes on a machine of its own is not for clusters.
ELSEWHERE = {name for name in settings.NAMES if name.startswith(("DB_", "REDIS_")) and name != "REDIS_URL"} - {
    "DB_POOL_MAX"
}
ELSEWHERE |= {"LOCAL_DIR", "SEED_PASSWORD", "RUN_SEED_ON_START"}
SECRET = r"SECRET|PASSWORD|KEY|TOKEN$|ACCOUNT_SID|(DATABASE|READ|PGBOUNCER|REDIS|SMTP)_URL$"
OF_CLUSTER = "bulkhead-postgres-app"  # a Secret that CloudNativePG makes
PASSWORD = "$(DB_PASSWORD)"  # which Kubernetes puts there
SAMPLES = {
    "JWT_SECRET": "x" * 32,
    "DATABASE_URL": "postgresql://bulkhead@postgres/bulkhead",
    "REDIS_URL": "redis://redis",
    "METRICS_TOKEN": "y" * 16,
}


def environment(case: str, process: str) -> list[dict[str, Any]]:
    [container] = charts.pods(charts.golden(case))[process]["containers"]
    found: list[dict[str, Any]] = container["env"]
    return found


def values(case: str, process: str) -> dict[str, str]:
    return {each["name"]: each["value"] for each in environment(case, process) if "value" in each}


def references(case: str, process: str) -> dict[str, dict[str, Any]]:
    told = (each for each in environment(case, process) if "secretKeyRef" in each.get("valueFrom", {}))
    return {each["name"]: each["valueFrom"]["secretKeyRef"] for each in told}


@pytest.mark.parametrize("case", CASES)
def test_pods_are_told_no_setting_that_there_is_not_and_none_twice(case: str) -> None:
    for process in PROCESSES:
        names = [each["name"] for each in environment(case, process)]
        assert set(names) <= {*settings.NAMES, *OF_PYTHON}
        assert len(names) == len(set(names))


def test_each_setting_can_be_set() -> None:
    told = {each["name"] for each in environment("default", "api")}
    by_value = set(charts.SCHEMA["properties"]["settings"]["propertyNames"]["enum"])
    assert told | by_value == {*settings.NAMES, *OF_PYTHON} - (ELSEWHERE - told)


def test_what_is_secret_cannot_be_set_by_value() -> None:
    by_value = set(charts.SCHEMA["properties"]["settings"]["propertyNames"]["enum"])
    assert {name for name in by_value if re.search(SECRET, name)} == set()
    assert {name for name in settings.NAMES if re.search(SECRET, name)} - ELSEWHERE == set(references("default", "api"))


@pytest.mark.parametrize("case", CASES)
def test_secrets_are_references_and_only_what_must_be_there_is_waited_for(case: str) -> None:
    for process in PROCESSES:
        found = references(case, process)
        by_value = {name for name, value in values(case, process).items() if PASSWORD not in value}
        assert not {name for name in by_value if re.search(SECRET, name)}
        waited_for = {name for name, of in found.items() if not of.get("optional")}
        assert waited_for - {"DB_PASSWORD"} == {"JWT_SECRET", "DATABASE_URL", "REDIS_URL"}
        assert all(of["key"] == name for name, of in found.items() if of["name"] != OF_CLUSTER)


@pytest.mark.parametrize(
    ("case", "secret"),
    [
        ("by-url", {"name": "desk", "key": "DATABASE_URL"}),
        ("production", {"name": OF_CLUSTER, "key": "uri"}),
    ],
)
def test_the_database_is_the_one_of_the_url_or_the_one_of_the_release(case: str, secret: dict[str, str]) -> None:
    assert references(case, "api")["DATABASE_URL"] == secret
    cluster = [each["metadata"]["name"] for each in charts.golden(case) if each["kind"] == "Cluster"]
    assert cluster == (["bulkhead-postgres"] if case == "production" else [])


def test_reads_go_to_the_standbys_of_the_release_with_the_password_that_stands_before() -> None:
    names = [each["name"] for each in environment("production", "api")]
    made = charts.named(charts.golden("production"), "Cluster", "postgres")["spec"]["bootstrap"]["initdb"]
    url = f"postgresql://{made['owner']}:{PASSWORD}@bulkhead-postgres-ro:5432/{made['database']}"
    assert values("production", "api")["DATABASE_READ_URL"] == url
    assert references("production", "api")["DB_PASSWORD"] == {"name": OF_CLUSTER, "key": "password"}
    assert names.index("DB_PASSWORD") < names.index("DATABASE_READ_URL")


@pytest.mark.parametrize("case", CASES)
def test_processes_start_with_what_they_are_told(case: str) -> None:
    for process in PROCESSES:
        by_value = values(case, process)
        loaded = settings.load_settings(by_value | SAMPLES)
        assert (loaded.app_env, loaded.host, loaded.registration) == ("production", "0.0.0.0", "closed")  # noqa: S104 - told, not bound


@pytest.mark.parametrize("missing", ["JWT_SECRET", "DATABASE_URL", "REDIS_URL"])
def test_what_must_be_there_is_what_they_do_not_start_without(missing: str) -> None:
    by_value = values("default", "api")
    with pytest.raises(SettingsError, match=missing):
        settings.load_settings({name: value for name, value in (by_value | SAMPLES).items() if name != missing})


def test_all_processes_are_told_the_same() -> None:
    for case in CASES:
        assert environment(case, "api") == environment(case, "worker") == environment(case, "migrate")


def test_the_links_in_messages_lead_to_the_ingress() -> None:
    told = {each["name"]: each.get("value") for each in environment("by-url", "worker")}
    [rule] = charts.named(charts.golden("by-url"), "Ingress", "api")["spec"]["rules"]
    assert told["APP_URL"] == f"https://{rule['host']}"


def test_figures_in_the_chart_are_the_defaults_of_the_settings() -> None:
    defaults = {field.encode_name: field.default for field in msgspec.structs.fields(Settings)}
    [trigger] = charts.named(charts.golden("production"), "ScaledObject", "worker")["spec"]["triggers"]
    assert int(trigger["metadata"]["threshold"]) == defaults["WORKER_LANES"]
    assert f" + {defaults['JOB_LANES']} * max(bulkhead_queue_depth" in trigger["metadata"]["query"]
