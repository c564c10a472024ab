from collections.abc import Iterator
from contextlib import closing
from wsgiref.simple_server import WSGIServer

import httpx
import pytest

from app.settings import Settings, load_settings
from tests.support.environments import SERVERS
from tests.support.prometheus import Scrape
from tests.support.system import free_port
from worker import scraped

TOKEN = "t" * 16


@pytest.fixture(scope="module")
def settings() -> Settings:
    wanted = {"APP_ENV": "test", "METRICS_PORT": str(free_port()), "METRICS_TOKEN": TOKEN}
    return load_settings(SERVERS | wanted)


@pytest.fixture(scope="module")
def server(settings: Settings) -> Iterator[WSGIServer]:
    served = scraped.serve(settings)
    assert served is not None
    with closing(served.socket):
        yield served
        served.shutdown()


def ask(server: WSGIServer, path: str = "/metrics", **headers: str) -> httpx.Response:
    return httpx.get(f"http://127.0.0.1:{server.server_port}{path}", headers=headers, trust_env=False)


def test_a_worker_shows_what_it_counts_to_who_has_the_token(server: WSGIServer) -> None:
    answer = ask(server, Authorization=f"Bearer {TOKEN}")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert "bulkhead_worker_heartbeat_timestamp_seconds" in Scrape(answer.text).families


def test_it_tells_others_what_they_need(server: WSGIServer) -> None:
    refused = ask(server)
    assert (refused.status_code, refused.text) == (401, scraped.REFUSAL.decode())
    assert ask(server, "/").status_code == 404


def test_the_second_worker_of_a_machine_takes_the_next_port_that_is_free(
    server: WSGIServer, settings: Settings
) -> None:
    second = scraped.serve(settings)
    assert second is not None
    with closing(second.socket):
        assert server.server_port < second.server_port < settings.metrics_port + scraped.PORTS
        assert ask(second, Authorization=f"Bearer {TOKEN}").status_code == 200
        second.shutdown()


def test_a_worker_that_finds_no_port_works_all_the_same(
    server: WSGIServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scraped, "PORTS", 1)
    assert scraped.serve(settings) is None


def test_without_a_port_nothing_is_served() -> None:
    assert scraped.serve(load_settings(SERVERS)) is None
