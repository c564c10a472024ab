"""What an answer says of the log where the primary says nothing."""

import asyncio
from http import HTTPStatus

import pytest
from litestar.types import Message, Receive, Scope, Send

from app.http import positions
from app.http.positions import Positions
from app.replica import SEEN


class Silent:
    """A log whose machine is gone."""

    async def position(self) -> int:
        await asyncio.Event().wait()
        raise AssertionError("nobody answers")


async def create(_scope: Scope, _receive: Receive, send: Send) -> None:
    seen = SEEN.get()
    assert seen is not None
    seen.has_written = True
    await send({"type": "http.response.start", "status": HTTPStatus.CREATED, "headers": []})


async def test_what_has_been_done_is_answered_without_a_position(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(positions, "TELL_SECONDS", 0)
    told: list[Message] = []

    async def send(message: Message) -> None:
        told.append(message)

    async def receive() -> Message:
        raise AssertionError("there is no body")

    scope = {"type": "http", "path": "/api/tickets", "headers": []}
    await asyncio.create_task(Positions(create, Silent())(scope, receive, send))  # type: ignore[arg-type]
    assert told == [{"type": "http.response.start", "status": HTTPStatus.CREATED, "headers": []}]
