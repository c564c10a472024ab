"""The API: `python -m app`, one process or API_PROCESSES of them on one port."""

import gc
import multiprocessing
import os
import signal
import sys
from typing import Any

import uvicorn
from litestar.types import ASGIApp

from app import asgi, logs, metrics, settings, tracing
from app.embedded import processes
from app.http import connections
from app.realtime.server import MAX_MESSAGE_BYTES
from app.settings import Settings, SettingsError

GRACE_SECONDS = 5
SILENT_SECONDS = 30  # one of several processes that says nothing is replaced: on a busy machine its start takes a while


def main() -> None:
    try:
        loaded = load()
    except SettingsError as error:
        sys.exit(f"bulkhead: {error}")
    connections.raise_file_limit(loaded.max_connections)
    if loaded.api_processes == 1:
        uvicorn.run(create_app(), **options(loaded))
    else:
        with metrics.shared():
            uvicorn.run("app.__main__:create_app", factory=True, workers=loaded.api_processes, **options(loaded))


def create_app() -> ASGIApp:
    """Return the application of this process, be it the only one or one that uvicorn has started."""
    loaded = load()
    logs.configure(loaded.log_level, for_people=loaded.app_env == "development")
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        processes.end_with(parent.pid, signal.SIGTERM)  # or it would hold the port after a kill of that one
    tracing.start(loaded, "bulkhead-api")
    app = asgi.create_app(loaded)
    gc.freeze()  # what is there now stays: looking through it doubles the time that 100,000 ids take to be read
    return app


def load() -> Settings:
    loaded = settings.load_settings(settings.read_environment(os.environ))
    tracing.check(loaded)
    return loaded


def options(loaded: Settings) -> dict[str, Any]:
    """Return how uvicorn is to serve."""
    return {
        "host": loaded.host,
        "port": loaded.port,
        "loop": "uvloop",
        "http": connections.bounded(request_seconds=loaded.request_seconds, max_connections=loaded.max_connections),
        "ws": "websockets-sansio",
        "ws_max_size": MAX_MESSAGE_BYTES,
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "proxy_headers": bool(loaded.trusted_proxies),
        "forwarded_allow_ips": loaded.trusted_proxies,
        "timeout_graceful_shutdown": GRACE_SECONDS,
        "timeout_worker_healthcheck": SILENT_SECONDS,
    }


if __name__ == "__main__":
    main()
