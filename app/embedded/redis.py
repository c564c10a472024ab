"""Redis: its data folder, and the command that serves it."""

import signal

from app.embedded import layout
from app.embedded.binaries import Binaries

PROGRAM = "redis-server"
STOP_SIGNAL = signal.SIGTERM


def prepare(binaries: Binaries, site: layout.Site, *, fsync: bool) -> list[str]:
    """Make the data folder and return the command; append-only, so that a restart forgets nothing."""
    site.data.mkdir(mode=0o700, exist_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(site.redis_socket),
        "unixsocketperm": "700",
        "dir": str(site.data),
        "save": "",
        "appendonly": "yes",
        "appendfsync": "everysec" if fsync else "no",
        "daemonize": "no",
    }
    flags = [word for name, value in options.items() for word in (f"--{name}", value)]
    return [str(binaries.redis_server), *flags]
