import subprocess
import sys

import pytest

from app import tracing
from app.settings import SettingsError, load_settings
from tests.support.environments import SERVERS, refusal
from tests.support.servers import REPOSITORY

WANTED = SERVERS | {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}


def test_without_an_endpoint_nothing_of_opentelemetry_is_imported() -> None:
    code = (
        "import sys, app.__main__, worker.main;"
        "sys.exit(any(name.startswith('opentelemetry') or name == 'app.otlp' for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, check=False).returncode == 0


def test_what_is_not_traced_costs_no_span() -> None:
    assert not tracing.is_on()
    assert tracing.span("a") is tracing.span("b")
    assert tracing.current() is None
    with tracing.span("a") as span:
        span.note({})


def test_who_wants_traces_without_the_packages_is_told_which(monkeypatch: pytest.MonkeyPatch) -> None:
    tracing.check(load_settings(WANTED))
    monkeypatch.setattr(tracing, "PACKAGE", "no_such_package")
    tracing.check(load_settings(SERVERS))
    with pytest.raises(SettingsError, match="dependency group tracing"):
        tracing.check(load_settings(WANTED))


@pytest.mark.parametrize(
    "endpoint", ["tempo:4318", "http://user:password@collector", "http://collector:port", "http://a b"]
)
def test_an_endpoint_that_is_no_url_is_refused_without_repeating_it(endpoint: str) -> None:
    message = refusal(SERVERS | {"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint})
    assert message.startswith("OTEL_EXPORTER_OTLP_ENDPOINT must be a URL")
    assert endpoint not in message
