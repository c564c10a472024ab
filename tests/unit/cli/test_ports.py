import socket

import pytest

from app.cli import ports
from app.cli.errors import CliError

HOST = "127.0.0.1"


def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(CliError, match=f"PORT {port} on {HOST} is taken"):
            ports.require_free(HOST, port)


def test_a_port_that_was_just_given_back_is_free() -> None:
    with socket.create_server((HOST, 0)) as server, socket.create_connection(server.getsockname()):
        port = server.getsockname()[1]
        server.accept()[0].close()
    ports.require_free(HOST, port)


def test_two_who_look_at_once_are_not_in_each_other_s_way(monkeypatch: pytest.MonkeyPatch) -> None:
    port = ports.any_free(HOST)

    class Slow(socket.socket):
        def __exit__(self, *_: object) -> None:
            monkeypatch.undo()
            ports.require_free(HOST, port)  # the other one, just before the first has closed its socket
            self.close()

    monkeypatch.setattr(socket, "socket", Slow)
    ports.require_free(HOST, port)
    assert socket.socket is not Slow


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-host.invalid"])
def test_an_address_of_another_machine_is_named(host: str) -> None:
    with pytest.raises(CliError, match=f"HOST {host} is no address of this machine"):
        ports.require_free(host, 3001)


def test_any_free_port_is_free() -> None:
    ports.require_free(HOST, ports.any_free(HOST))
