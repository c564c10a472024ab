"""What Helm makes of the chart. Without Helm these are skipped; `python -m tests.support.cluster_tools` brings it."""

import json
import tarfile
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]  # litestar brings it, without types

from tests.support import charts, cluster_tools, clusters
from tests.support.charts import CASES, CHART, REPOSITORY

ALERTS = REPOSITORY / "app/deploy/prometheus/alerts.yml"
DASHBOARD = REPOSITORY / "app/deploy/grafana/dashboards/bulkhead.json"
PRODUCTION = ("--values", charts.TESTS / "values" / "production.yaml")

pytestmark = pytest.mark.skipif(
    cluster_tools.helm() is None,
    reason="helm is not here, so nobody rendered the chart: python -m tests.support.cluster_tools brings it",
)


@pytest.mark.parametrize("case", CASES)
def test_manifests_are_what_the_chart_renders(case: str) -> None:
    """`python -m tests.support.charts` renews them; look at the difference before you commit it."""
    rendered = charts.manifests(charts.without_copies(charts.render_case(case)))
    assert rendered == charts.golden(case)


@pytest.mark.parametrize("case", CASES)
def test_helm_finds_nothing_to_complain_about(case: str) -> None:
    values = charts.TESTS / "values" / f"{case}.yaml"
    done = charts.helm("lint", "--strict", CHART, *(("--values", values) if values.exists() else ()))
    assert (done.returncode, "0 chart(s) failed" in done.stdout) == (0, True), done.stdout


def test_alerts_and_dashboard_are_those_beside_the_chart() -> None:
    rendered = charts.manifests(charts.render(*PRODUCTION))
    rule, dashboard = (
        charts.named(rendered, *wanted) for wanted in (("PrometheusRule", "alerts"), ("ConfigMap", "dash"))
    )
    assert rule["spec"] == yaml.safe_load(ALERTS.read_text())
    assert json.loads(dashboard["data"]["bulkhead.json"]) == json.loads(DASHBOARD.read_text())


def test_a_packed_chart_has_them_in_it(tmp_path: Path) -> None:
    assert charts.helm("package", CHART, "--destination", tmp_path).returncode == 0
    with tarfile.open(next(tmp_path.glob("bulkhead-*.tgz"))) as packed:
        for name, file in (("alerts.yml", ALERTS), ("dashboard.json", DASHBOARD)):
            found = packed.extractfile(f"bulkhead/files/{name}")
            assert found is not None
            assert found.read() == file.read_bytes()


@pytest.mark.parametrize("command", [(), ("--is-upgrade",)])
def test_a_hook_migrates_unless_the_postgres_of_the_release_is_still_to_come(command: tuple[str, ...]) -> None:
    """Hooks come before it; and a release whose Postgres was elsewhere may get one of its own by an upgrade."""
    known = charts.manifests(charts.render(*PRODUCTION))
    with clusters.running(known) as empty, clusters.running(known, clusters.POSTGRES) as complete:
        beside, hook = [
            charts.named(charts.manifests(charts.render(*PRODUCTION, *command, *cluster)), "Job", "migrate")
            for cluster in (empty, complete)
        ]
    assert beside == charts.named(charts.golden("production"), "Job", "migrate")
    assert hook["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    assert beside["spec"]["template"] == hook["spec"]["template"]
    assert beside["spec"]["backoffLimit"] > hook["spec"]["backoffLimit"]


def test_a_job_that_is_no_hook_has_another_name_when_it_runs_something_else() -> None:
    names = {
        charts.named(charts.manifests(charts.render(*PRODUCTION, *more)), "Job", "migrate")["metadata"]["name"]
        for more in ((), ("--set", "image.tag=1.0.1"), ("--set", "settings.LOG_LEVEL=debug"))
    }
    assert len(names) == 3


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ("ingress.enabled=true", "ingress.host is not set"),
        ("ingress.enabled=true,ingress.host=desk.example.com", "settings.TRUSTED_PROXIES is not set"),
        ("worker.autoscaling.enabled=true", "worker.autoscaling.prometheusUrl is not set"),
        ("postgres.enabled=true,postgres.synchronous=3", "must be less than postgres.instances"),
        (
            "postgres.enabled=true,postgres.backup.recovery.serverName=bulkhead-postgres",
            "restore as a release of another name",
        ),
        ("postgres.enabled=true,postgres.backup.enabled=true", "missing property 'destinationPath'"),
        ("postgres.enabled=true,postgres.backup.recovery.serverName=desk-postgres", "the cluster would begin empty"),
        ("postgres.enabled=true,postgres.backup.recovery.targetTime=2026-12-24", "the cluster would begin empty"),
        (
            "monitoring.enabled=true,networkPolicy.apiFrom[0].podSelector.matchLabels.app=nginx",
            "networkPolicy.metricsFrom is not set",
        ),
        ("settings.JWT_SECRET=abc", "invalid propertyName 'JWT_SECRET'"),
        ("settings.JOB_LANES=4", "got number, want string"),
        ("podSpec.securityContext=null,podSpec.containers=x", "invalid propertyName 'containers'"),
        ("nonsense=1", "'nonsense' not allowed"),
        ("worker.resources.requests.cpu=null", "missing property 'cpu'"),
    ],
)
def test_values_that_would_not_do_are_refused_in_words(values: str, said: str) -> None:
    done = charts.helm("template", "bulkhead", CHART, "--set", values)
    assert done.returncode != 0
    assert said in done.stderr


def test_without_standbys_nothing_is_read_from_them() -> None:
    alone = ("--set", "postgres.instances=1,postgres.synchronous=0")
    [api] = charts.pods(charts.manifests(charts.render(*PRODUCTION, *alone)))["api"]["containers"]
    assert "DATABASE_READ_URL" not in {each["name"] for each in api["env"]}


def test_a_restored_cluster_begins_with_the_archive_of_the_other_one() -> None:
    rendered = charts.render(*PRODUCTION, "--set", "postgres.backup.recovery.serverName=desk-postgres")
    cluster = charts.named(charts.manifests(rendered), "Cluster", "postgres")["spec"]
    assert cluster["bootstrap"]["recovery"] == {"source": "origin", "database": "bulkhead", "owner": "bulkhead"}
    [origin] = cluster["externalClusters"]
    [archiver] = cluster["plugins"]
    assert origin["plugin"]["parameters"] == archiver["parameters"] | {"serverName": "desk-postgres"}


@pytest.mark.parametrize(("release", "name"), [("desk", "desk-bulkhead"), ("bulkhead-eu", "bulkhead-eu")])
def test_two_releases_have_nothing_of_the_same_name(release: str, name: str) -> None:
    done = charts.helm("template", release, CHART, *PRODUCTION)
    assert {each["metadata"]["name"].startswith(f"{name}-") for each in charts.manifests(done.stdout)} == {True}
