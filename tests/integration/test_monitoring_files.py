"""Dashboard, alerts and the chart's autoscaler name what processes expose, and Prometheus' own tool takes them."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # litestar brings it, without types
from sqlalchemy.ext.asyncio import AsyncEngine

from app import gauges, metrics
from tests.support import charts
from tests.support.servers import REPOSITORY
from worker import gauges as of_workers

DEPLOY = REPOSITORY / "app" / "deploy"
PROMETHEUS = DEPLOY / "prometheus"
DASHBOARD = DEPLOY / "grafana" / "dashboards" / "bulkhead.json"
NAMES = r"\bbulkhead_[a-z_]+\b"
PROMISED = """
    jobs_submitted_total jobs_finished_total job_duration_seconds job_queue_wait_seconds items_total
    chunk_duration_seconds jobs queue_depth oldest_queued_seconds lanes worker_heartbeat_timestamp_seconds jobs_stalled
    socket_connections socket_events_total feed_lag_seconds feed_resyncs_total idempotency_total
    http_request_duration_seconds build_info
"""
COUNTED = r"(_bucket|_sum|_count)$"  # what a histogram is called in a query

needs_promtool = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool is not here: Debian has it in its package prometheus"
)


@pytest.fixture
async def exposed(engine: AsyncEngine) -> str:
    of_workers.measure(engine)
    return (metrics.counted() + await gauges.read(engine)).decode()


def promtool(*arguments: str | Path, text: str | None = None) -> str:
    found = subprocess.run(
        [shutil.which("promtool") or "", *arguments], input=text, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout + found.stderr
    return found.stdout + found.stderr


def types_in(exposed: str) -> dict[str, str]:
    return dict(re.findall(r"^# TYPE (bulkhead_\S+) (\S+)$", exposed, flags=re.MULTILINE))


def rules() -> list[dict[str, Any]]:
    [group] = yaml.safe_load((PROMETHEUS / "alerts.yml").read_text())["groups"]
    found: list[dict[str, Any]] = group["rules"]
    return found


def panels() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(DASHBOARD.read_text())["panels"]
    return found


def expressions() -> Iterator[str]:
    yield from (rule["expr"] for rule in rules())
    yield from (target["expr"] for panel in panels() for target in panel.get("targets", ()))
    [trigger] = charts.named(charts.golden("production"), "ScaledObject", "worker")["spec"]["triggers"]
    yield trigger["metadata"]["query"]


async def test_every_metric_that_the_dashboard_and_the_rules_name_is_exposed(exposed: str) -> None:
    types, wrong = types_in(exposed), set()
    for name in {name for expression in expressions() for name in re.findall(NAMES, expression)}:
        family = re.sub(COUNTED, "", name)
        is_histogram = types.get(family) == "histogram"
        if name not in types and not (is_histogram and name != family):
            wrong.add(name)
    assert wrong == set()


async def test_every_metric_is_on_the_dashboard(exposed: str) -> None:
    named = " ".join(target["expr"] for panel in panels() for target in panel.get("targets", ()))
    assert {name for name in types_in(exposed) if name not in named} == set()


async def test_what_each_api_says_of_the_whole_system_is_never_added_up(exposed: str) -> None:
    of_system = set(re.findall(rf"^# HELP (\S+) .*{gauges.SAME_FROM_ALL}$", exposed, flags=re.MULTILINE))
    assert "bulkhead_jobs" in of_system
    for expression in expressions():
        for name in of_system & set(re.findall(NAMES, expression)):
            assert re.search(rf"(max|absent)( by \([a-z, ]+\))? ?\({name}\b", expression), expression


async def test_what_was_promised_keeps_its_name(exposed: str) -> None:
    assert {f"bulkhead_{name}" for name in PROMISED.split()} - types_in(exposed).keys() == set()


def test_each_rule_says_what_is_wrong_and_what_to_do() -> None:
    for rule in rules():
        assert rule["alert"].startswith("Bulkhead")
        assert rule["annotations"].keys() == {"summary", "action"}
        assert rule["labels"]["severity"] in {"warning", "critical"}


def test_the_dashboard_asks_the_source_that_is_provisioned() -> None:
    [source] = yaml.safe_load((DEPLOY / "grafana/provisioning/datasources/prometheus.yml").read_text())["datasources"]
    asked = {(panel["datasource"]["type"], panel["datasource"]["uid"]) for panel in panels() if "datasource" in panel}
    assert asked == {(source["type"], source["uid"])}
    assert len({panel["id"] for panel in panels()}) == len(panels())


@needs_promtool
def test_prometheus_takes_the_files() -> None:
    promtool("check", "rules", PROMETHEUS / "alerts.yml")
    promtool("check", "config", PROMETHEUS / "prometheus.yml")


@needs_promtool
async def test_prometheus_takes_what_is_exposed_and_finds_nothing_to_improve(exposed: str) -> None:
    assert promtool("check", "metrics", text=exposed) == ""


@needs_promtool
def test_alerts_come_when_they_should_and_not_before() -> None:
    promtool("test", "rules", PROMETHEUS / "alerts.test.yml")
