"""What a worker has counted, on a port: METRICS_PORT, or the next one that is free on this machine.

It is served by threads of its own, so that it answers while the loop stands still, and says since when.
"""

import errno
import threading
from collections.abc import Callable, Iterable
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import structlog
from prometheus_client.exposition import ThreadingWSGIServer

from app.metrics import PROMETHEUS_TEXT, counted
from app.scrapers import Scrapers
from app.settings import Settings

PORTS: Final = 16  # tried one after the other: each worker of a machine has its own
CLIENT_SECONDS: Final = 5.0
LAST_PORT: Final = 65_535

REFUSAL: Final = b"Send METRICS_TOKEN as a bearer token, or ask from one of METRICS_NETWORKS.\n"

Environ = dict[str, Any]
Start = Callable[[str, list[tuple[str, str]]], object]

log = structlog.get_logger(__name__)


class Handler(WSGIRequestHandler):
    timeout = CLIENT_SECONDS

    def log_message(self, *_: object) -> None:
        """Say nothing: a line for each scrape tells nobody anything."""


def serve(settings: Settings) -> WSGIServer | None:
    """Serve until the process ends; None where METRICS_PORT is 0, or no port is free: the work goes on."""
    first = settings.metrics_port
    if first == 0:
        return None
    for port in range(first, min(first + PORTS, LAST_PORT + 1)):
        try:
            server = make_server(settings.host, port, _application(Scrapers(settings)), ThreadingWSGIServer, Handler)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                continue
            log.warning("metrics_not_served", port=port, error=type(error).__name__)
            return None
        threading.Thread(target=server.serve_forever, daemon=True, name="metrics").start()
        log.info("metrics_served", port=port)
        return server
    log.warning("metrics_not_served", first_port=first, error="no port is free")
    return None


def _application(scrapers: Scrapers) -> Callable[[Environ, Start], Iterable[bytes]]:
    def answer(environ: Environ, start: Start) -> Iterable[bytes]:
        status, media_type, body = _answer(scrapers, environ)
        headers = [("Content-Type", media_type), ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
        start(status, headers)
        return [body]

    return answer


def _answer(scrapers: Scrapers, environ: Environ) -> tuple[str, str, bytes]:
    if environ.get("PATH_INFO") != "/metrics":
        return "404 Not Found", "text/plain", b"Metrics are at /metrics.\n"
    may = scrapers.admit(
        environ.get("HTTP_AUTHORIZATION", ""),
        environ.get("REMOTE_ADDR", ""),
        is_forwarded="HTTP_X_FORWARDED_FOR" in environ,
    )
    return (
        ("200 OK", f"{PROMETHEUS_TEXT}; charset=utf-8", counted())
        if may
        else ("401 Unauthorized", "text/plain", REFUSAL)
    )
