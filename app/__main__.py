"""The API process: `python -m app`."""

import os
import sys

import uvicorn

from app import asgi, logs, settings
from app.http import connections
from app.realtime.server import MAX_MESSAGE_BYTES
from app.settings import SettingsError

GRACE_SECONDS = 5


def main() -> None:
    try:
        loaded = settings.load_settings(settings.read_environment(os.environ))
    except SettingsError as error:
        sys.exit(f"bulkhead: {error}")
    logs.configure(loaded.log_level, as_json=loaded.app_env == "production")
    connections.raise_file_limit(loaded.max_connections)
    uvicorn.run(
        asgi.create_app(loaded),
        host=loaded.host,
        port=loaded.port,
        loop="uvloop",
        http=connections.bounded(request_seconds=loaded.request_seconds, max_connections=loaded.max_connections),
        ws="websockets-sansio",
        ws_max_size=MAX_MESSAGE_BYTES,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(loaded.trusted_proxies),
        forwarded_allow_ips=loaded.trusted_proxies,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


if __name__ == "__main__":
    main()
