"""What supervisord says and does, over its socket."""

import http.client
import socket
import time
import xmlrpc.client
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from app.cli.processes import Process

ANSWER_SECONDS = 10.0
SHUTTING_DOWN, ALREADY_STARTED = 6, 60  # supervisor.xmlrpc.Faults


class NotThere(Exception):
    """No supervisor answers."""


class Client:
    def __init__(self, control_socket: Path) -> None:
        self._control_socket = control_socket

    def processes(self) -> list[Process]:
        """Raise `NotThere` when no supervisor answers, as all of these do."""
        with self._asking() as supervisor:
            return [_process(info) for info in supervisor.getAllProcessInfo()]

    def api_url(self) -> str:
        with self._asking() as supervisor:
            return str(supervisor.getIdentification())

    def start(self, name: str) -> None:
        with self._asking() as supervisor:
            try:
                supervisor.startProcess(name, False)
            except xmlrpc.client.Fault as fault:
                if fault.faultCode != ALREADY_STARTED:
                    raise

    @contextmanager
    def _asking(self) -> Iterator[Any]:
        try:
            with xmlrpc.client.ServerProxy("http://supervisor", _Transport(self._control_socket)) as proxy:
                yield proxy.supervisor
        except xmlrpc.client.Fault as fault:
            if fault.faultCode != SHUTTING_DOWN:
                raise
            raise NotThere from fault
        except (OSError, http.client.HTTPException, xmlrpc.client.ProtocolError) as error:
            raise NotThere from error


class _Transport(xmlrpc.client.Transport):
    def __init__(self, control_socket: Path) -> None:
        super().__init__()
        self._control_socket = control_socket

    def make_connection(self, _: Any) -> http.client.HTTPConnection:
        return _Connection(self._control_socket)


class _Connection(http.client.HTTPConnection):
    def __init__(self, control_socket: Path) -> None:
        super().__init__("localhost", timeout=ANSWER_SECONDS)
        self._control_socket = control_socket

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(ANSWER_SECONDS)
        self.sock.connect(str(self._control_socket))


def _process(info: dict[str, Any]) -> Process:
    pid = cast(int, info["pid"]) or None
    return Process(
        name=info["name"],
        state=info["statename"].lower(),
        pid=pid,
        uptime_seconds=max(int(time.time()) - info["start"], 0) if pid else None,
        error=info["spawnerr"],
    )
