"""Forks processes of Bulkhead from one that has imported it: the import takes the most of a second of a core.

They run the same `main` as any, with arguments, environment, folder and log of their own, and are children of the
process that asked for them. What takes longest of that `main`, and needs no setting, has been done before, too.
"""

import contextlib
import ctypes
import gc
import importlib
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NoReturn, Self

import msgspec
from litestar import Litestar

from app import asgi, tls
from app.settings import Settings
from tests.support.routes import Routes
from tests.support.servers import settings_for

REPOSITORY: Final = Path(__file__).parents[2]
PROGRAMS: Final = {
    "app": "app.__main__",
    "app.cli": "tests.support.command_line",
    "tests.chaos.faulty": "tests.chaos.faulty",
    "tests.support.quick_hashes": "tests.support.quick_hashes",
    "worker.main": "worker.main",
}
MOST_BYTES: Final = 65_536  # of an order
PR_SET_CHILD_SUBREAPER: Final = 36  # linux/prctl.h


class Order(msgspec.Struct, frozen=True):
    module: str
    arguments: list[str]
    folder: str
    environ: dict[str, str]


class Forked:
    """A child, as much of `subprocess.Popen` as is used here."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._ends = os.pidfd_open(pid)

    def poll(self) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.wait(0)
        return None

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            if not select.select([self._ends], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
            self.returncode = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
            os.close(self._ends)
        return self.returncode

    def send_signal(self, how: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, how)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class Nursery:
    """The process that is forked; it starts at the first order."""

    def __init__(self) -> None:
        self._orders: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._orders is not None:
            self._orders.close()
            self._process.wait()

    def _open(self) -> socket.socket:
        orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.nursery", str(theirs.fileno())],
                cwd=REPOSITORY,
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        return orders

    def start(self, order: Order, log: int) -> Forked:
        """Raise `ValueError` when the nursery has died; its output says why."""
        self._orders = self._orders or self._open()
        with _adopting():
            socket.send_fds(self._orders, [msgspec.json.encode(order)], [log])
            return Forked(int(self._orders.recv(MOST_BYTES)))


@contextlib.contextmanager
def _adopting() -> Iterator[None]:
    """Become the parent of those whose parent ends meanwhile."""
    prctl = ctypes.CDLL(None).prctl
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def main() -> None:
    """Fork at each order until there are no more."""
    for module in PROGRAMS.values():
        importlib.import_module(module)
    tls.trusted()
    _prepare_routes()
    gc.freeze()
    orders = socket.socket(fileno=int(sys.argv[1]))
    while (received := socket.recv_fds(orders, MOST_BYTES, 1))[0]:
        order, [log], *_ = received
        pid = _orphan(orders, msgspec.json.decode(order, type=Order), log)
        os.close(log)
        orders.send(str(pid).encode())


def _prepare_routes() -> None:
    """Let each API of which no other origin is told have the routes that are made here."""
    create_api, routes = (
        asgi.create_api,
        Routes(settings_for("postgresql://nowhere", "redis://nowhere", FRONTEND_URL="")),
    )

    def prepared(settings: Settings, services: asgi.Services, lifespan: Any = None) -> Litestar:
        return (create_api if settings.frontend_url else routes.behind)(settings, services, lifespan)

    asgi.create_api = prepared


def _orphan(orders: socket.socket, order: Order, log: int) -> int:
    """Return the process that works on the order, whose parent has ended."""
    reading, writing = os.pipe()
    between = os.fork()
    if between == 0:
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            os.close(writing)
            orders.close()
            _work(order, log)
        os.write(writing, str(pid).encode())
        os._exit(0)
    os.waitpid(between, 0)
    pid = int(os.read(reading, MOST_BYTES))
    os.close(reading)
    os.close(writing)
    return pid


def _work(order: Order, log: int) -> NoReturn:
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    os.chdir(order.folder)
    os.environ.clear()
    os.environ.update(order.environ)
    sys.argv = [order.module, *order.arguments]
    sys.modules[PROGRAMS[order.module]].main()
    sys.exit()


if __name__ == "__main__":
    main()
