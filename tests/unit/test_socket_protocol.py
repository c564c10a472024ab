"""What app/realtime/protocol.py takes from inside python-socketio and python-engineio, which they may change at will.

When one of these fails after an update: read what has become of that method, and override what does its work now. That
the overriding works is shown with real sockets, in tests/integration/security/test_strangers.py and test_topics.py.
"""

import inspect

import engineio
import pytest
import socketio
from socketio.packet import Packet

from app.realtime.protocol import Engine, Server, StrictPacket
from app.realtime.strangers import Strangers

OVERRIDDEN = [
    (engineio.AsyncServer, "_handle_connect", ["environ", "transport", "jsonp_index"]),
    (engineio.AsyncServer, "disconnect", ["sid"]),
    (socketio.AsyncServer, "_engineio_server_class", []),
    (socketio.AsyncServer, "_handle_eio_connect", ["eio_sid", "environ"]),
    (socketio.AsyncServer, "_handle_eio_disconnect", ["eio_sid", "reason"]),
    (socketio.AsyncServer, "_handle_connect", ["eio_sid", "namespace", "data"]),
    (Packet, "decode", ["encoded_packet"]),
]


@pytest.mark.parametrize(
    ("owner", "name", "parameters"), OVERRIDDEN, ids=[f"{o.__module__}.{n}" for o, n, _ in OVERRIDDEN]
)
def test_what_is_overridden_is_still_there(owner: type, name: str, parameters: list[str]) -> None:
    assert list(inspect.signature(getattr(owner, name)).parameters) == ["self", *parameters]


@pytest.mark.parametrize("ours", [Engine, Server, StrictPacket])
def test_nothing_else_is_overridden(ours: type) -> None:
    [base] = ours.__bases__
    known = {name for owner, name, _ in OVERRIDDEN if owner is base}
    methods = {name for name, found in vars(ours).items() if inspect.isfunction(found) and not name.startswith("__")}
    assert {name for name in methods if hasattr(base, name)} == known


def test_the_server_stands_on_our_engine() -> None:
    async def welcome(_: str) -> None:
        """Nobody comes."""

    strangers = Strangers()
    server = Server(async_mode="asgi", serializer=StrictPacket, strangers=strangers, welcome=welcome)
    assert isinstance(server.eio, Engine)
    assert server.eio.strangers is strangers
    assert (server.eio.sockets, server.environ) == ({}, {})
