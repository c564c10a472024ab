"""What supervisord says and does, over its socket."""

import http.client
import socket
import time
import xmlrpc.client
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from app.cli.errors import CliError
from app.cli.local import places, programs
from app.cli.processes import Process

ANSWER_SECONDS = 10.0
SHUTTING_DOWN, ALREADY_STARTED, NOT_RUNNING = 6, 60, 70  # supervisor.xmlrpc.Faults


class NotThere(CliError):
    """No supervisor answers."""

    def __init__(self) -> None:
        super().__init__("supervisord does not answer any more")


def processes(local_dir: Path) -> list[Process]:
    """Return all processes, in the order in which they start; none when no supervisor answers."""
    with suppress(NotThere), _asking(local_dir) as supervisor:
        return sorted(map(_process, supervisor.getAllProcessInfo()), key=_turn)
    return []


def is_answering(local_dir: Path) -> bool:
    return bool(processes(local_dir))


def api_url(local_dir: Path) -> str:
    """Return the address that the processes were started with, whatever PORT says by now."""
    with _asking(local_dir) as supervisor:
        return str(supervisor.getIdentification())


def start(local_dir: Path, name: str) -> None:
    """Start a process, unless it runs, without waiting until it is up."""
    with _asking(local_dir) as supervisor:
        try:
            supervisor.startProcess(name, False)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode != ALREADY_STARTED:
                raise


def stop(local_dir: Path, name: str) -> None:
    """Stop a process, unless it has stopped, without waiting for its end."""
    with _asking(local_dir) as supervisor:
        try:
            supervisor.stopProcess(name, False)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode != NOT_RUNNING:
                raise


def read_again(local_dir: Path) -> tuple[list[str], list[str], list[str]]:
    """Have the supervisor read its configuration; return what it finds added, changed and removed, and has not done."""
    with _asking(local_dir) as supervisor:
        [[added, changed, removed]] = supervisor.reloadConfig()
    return added, changed, removed


def add(local_dir: Path, name: str) -> None:
    """Let a process be started as the configuration has it."""
    with _asking(local_dir) as supervisor:
        supervisor.addProcessGroup(name)


def remove(local_dir: Path, name: str) -> None:
    """Forget a process, which has stopped."""
    with _asking(local_dir) as supervisor:
        supervisor.removeProcessGroup(name)


@contextmanager
def _asking(local_dir: Path) -> Iterator[Any]:
    try:
        with xmlrpc.client.ServerProxy("http://supervisord", _Transport(places.control_socket(local_dir))) as proxy:
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

    def make_connection(self, host: Any) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(host)
        connection.sock = socket.socket(socket.AF_UNIX)
        self._connection = host, connection  # which is closed with the transport
        connection.sock.settimeout(ANSWER_SECONDS)
        connection.sock.connect(str(self._control_socket))
        return connection


def _turn(process: Process) -> tuple[int, int, str]:
    return programs.ALL.index(programs.find(process.name)), len(process.name), process.name


def _process(info: dict[str, Any]) -> Process:
    return Process(
        name=info["name"],
        state=info["statename"].lower(),
        pid=info["pid"] or None,
        uptime_seconds=max(int(time.time()) - info["start"], 0) if info["pid"] else None,
        error=info["spawnerr"],
    )
