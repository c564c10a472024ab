from typing import Any

import msgspec
import pytest
import yaml  # type: ignore[import-untyped]  # litestar brings it, without types

from app.cli.environment import REPOSITORY
from app.errors import RETRY_AFTER_SECONDS, Problem, Unavailable
from app.settings import Settings

OURS = ("migrate", "api", "worker")
# Containers have their places for these: a host and a port each, the parts of two URLs, and no local servers.
ELSEWHERE = {"database_url", "redis_url", "local_dir"}


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((REPOSITORY / "compose.yaml").read_text())["services"]
    return found


@pytest.mark.parametrize("name", OURS)
def test_our_containers_get_every_setting(services: dict[str, Any], name: str) -> None:
    wanted = {field.upper() for field in set(Settings.__struct_fields__) - ELSEWHERE}
    parts = {"DB_HOST", "DB_PASSWORD", "REDIS_HOST"}
    assert set(services[name]["environment"]) == wanted | parts


def test_production_is_the_default_and_a_secret_is_required(services: dict[str, Any]) -> None:
    environment = services["api"]["environment"]
    assert environment["APP_ENV"] == "${APP_ENV:-production}"
    assert environment["JWT_SECRET"].startswith("${JWT_SECRET:?")


def test_nothing_but_the_proxy_and_dashboards_is_reached_and_that_from_here_only(
    services: dict[str, Any],
) -> None:
    assert {name: service["ports"] for name, service in services.items() if "ports" in service} == {
        "proxy": ["127.0.0.1:${PORT:-3001}:3001"],
        "grafana": ["127.0.0.1:${GRAFANA_PORT:-3000}:3000"],
    }


def test_monitoring_is_there_for_those_who_ask_for_it(services: dict[str, Any]) -> None:
    assert {name for name, service in services.items() if service.get("profiles") == ["monitoring"]} == {
        "prometheus",
        "grafana",
    }
    mounts = [mount.split(":") for name in ("prometheus", "grafana") for mount in services[name]["volumes"]]
    assert all((REPOSITORY / source).is_dir() for source, *_ in mounts if source.startswith("."))


def test_prometheus_asks_at_the_ports_that_processes_have_and_is_let_in(services: dict[str, Any]) -> None:
    config = yaml.safe_load((REPOSITORY / "app/deploy/prometheus/prometheus.yml").read_text())
    asked = [found for job in config["scrape_configs"] for found in job["dns_sd_configs"]]
    ports = {"api": int(services["api"]["environment"]["PORT"])}
    ports["worker"] = int(services["worker"]["environment"]["METRICS_PORT"])
    assert {name: found["port"] for found in asked for name in found["names"]} == ports
    compose = yaml.safe_load((REPOSITORY / "compose.yaml").read_text())
    [network] = compose["networks"]["default"]["ipam"]["config"]
    assert services["api"]["environment"]["METRICS_NETWORKS"] == f"${{METRICS_NETWORKS:-{network['subnet']}}}"


def test_the_api_believes_what_the_proxy_says_of_its_clients() -> None:
    compose = yaml.safe_load((REPOSITORY / "compose.yaml").read_text())
    [network] = compose["networks"]["default"]["ipam"]["config"]
    assert compose["services"]["api"]["environment"]["TRUSTED_PROXIES"].split(",")[0] == network["subnet"]
    assert "option forwardfor" in compose["configs"]["proxy"]["content"]


def test_processes_wait_for_their_servers_and_for_the_migration(services: dict[str, Any]) -> None:
    waits = {
        "postgres": {"condition": "service_healthy"},
        "redis": {"condition": "service_healthy"},
        "migrate": {"condition": "service_completed_successfully"},
    }
    assert services["api"]["depends_on"] == services["worker"]["depends_on"] == waits
    assert services["migrate"]["restart"] == "no"
    assert all(service["restart"] == "unless-stopped" for name, service in services.items() if name != "migrate")


def test_the_proxy_and_docker_ask_whether_the_api_can_serve_and_whether_the_worker_lives(
    services: dict[str, Any],
) -> None:
    proxy = yaml.safe_load((REPOSITORY / "compose.yaml").read_text())["configs"]["proxy"]["content"]
    ready, _, unready = proxy.partition("\nbackend unready\n")
    assert "option httpchk GET /api/health/ready\n" in ready
    assert "option httpchk GET /api/health/live\n" in unready
    assert "3001/api/health/ready" in services["api"]["healthcheck"]["test"][-1]
    assert services["worker"]["healthcheck"]["test"] == ["CMD", "python", "-m", "worker.health"]
    assert services["worker"]["tmpfs"]  # where its heartbeat is


def test_where_no_api_answers_the_proxy_says_so_as_the_api_would() -> None:
    configs = yaml.safe_load((REPOSITORY / "compose.yaml").read_text())["configs"]
    said = msgspec.json.decode(configs["no-answer"]["content"], type=Problem)
    assert (said.status, said.code) == (Unavailable.status, Unavailable.code)
    for status in (502, 503, 504):
        assert f"http-error status {status} content-type application/problem+json" in configs["proxy"]["content"]
    assert f"hdr Retry-After {RETRY_AFTER_SECONDS} " in configs["proxy"]["content"]


def test_the_image_has_the_console_built_in_it_and_nothing_that_was_built_here() -> None:
    lines = (REPOSITORY / "Dockerfile").read_text().splitlines()
    assert lines.index("RUN npm run build") < lines.index("COPY --from=console /build/dist app/web/dist")
    ignored = (REPOSITORY / ".dockerignore").read_text().splitlines()
    assert {"**/node_modules", "app/web/dist", "app/web/.build"} <= set(ignored)


def test_the_image_runs_as_an_ordinary_user() -> None:
    lines = (REPOSITORY / "Dockerfile").read_text().splitlines()
    assert lines.index("USER bulkhead") < lines.index('CMD ["python", "-m", "app"]')
