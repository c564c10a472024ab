"""Clients that do not keep to the protocol. Whatever they send, the server goes on to serve the others."""

import asyncio
import json
import logging
import random
from collections.abc import AsyncIterator

import httpx
import pytest
from websockets.asyncio.client import ClientConnection

from app.accounts import tokens
from app.realtime.server import MAX_MESSAGE_BYTES, MAX_UNFETCHED_PACKETS
from app.settings import Settings
from tests.support.people import People
from tests.support.raw_sockets import log_in, open_raw, read_to_the_end, send_all
from tests.support.waiting import until
from tests.support.watcher import Watcher, connecting
from tests.support.workbench import Workbench

JOINS = 10_000
RANDOM_FRAMES = 400
POLLING = "/socket.io/?EIO=4&transport=polling"


@pytest.fixture
async def other(base_url: str, settings: Settings, people: People) -> AsyncIterator[Watcher]:
    """Someone who wants to be served meanwhile."""
    async with connecting(base_url, {"token": tokens.issue(people.admin.id, settings.jwt_secret, 600)}) as watcher:
        yield watcher


async def is_served(other: Watcher, people: People) -> bool:
    return bool((await other.ask("join:user", str(people.admin.id)))["ok"])


WRONG: dict[str, list[str | bytes]] = {
    "an empty packet": [""],
    "no packet type": ["x"],
    "an unknown packet type": ["9", "7{}"],
    "a packet of the server": ['0{"sid":"x"}', "6"],
    "a message of no type": ["4", "4x", "49"],
    "JSON cut short": ['42["join:user"', "42[", '42["'],
    "JSON that is no array": ["42{}", "42null", '42"join:user"', "421"],
    "an event without a name": ["42[]", "42[null]", "42[1]", "42[{}]", "42[[]]", '421["connect"]', '421["disconnect"]'],
    "an ack nobody asked for": ['437["x"]', "43[]", "43"],
    "an ack id without end": ["42" + "9" * 5000 + '["join:user"]'],
    "another namespace": ["40/admin,{}", '42/admin,["join:user"]', "41/admin,", "40/" + "x" * 5000],
    "errors of the server's": ['44{"message":"x"}', "44"],
    "deep JSON": ["42" + "[" * 8000, '42["x",' + '{"a":' * 1500, "4" + "[" * 8000],
    "lone surrogates": [r'42["\ud800"]', r'421["join:user","\udc00"]'],
    "upgrades": ["5", "2probe", "3probe", "5"],
    "a second connect": ["40{}", "40", '40{"token":"x"}'],
    "a disconnect, and then events": ["41", '421["join:user","x"]'],
    "a close": ["1"],
    "attachments without an event": [b"", b"\x00", b"x" * 1000],
    "an event without its attachments": ['451-["join:user",{"_placeholder":true,"num":0}]', '421["join:user","x"]'],
    "attachments that are not there": ['451-["join:user",{"_placeholder":true,"num":7}]', b"x"],
    "a negative attachment": ['451-["join:user",{"_placeholder":true,"num":-9}]', b"x"],
    "an attachment of no number": ['451-["join:user",{"_placeholder":true,"num":"x"}]', b"x"],
    "attachments of a connect": ['401-{"token":{"_placeholder":true,"num":0}}', b"x"],
    "base64": ["b", "bx", "b" + "A" * 1000],
}


@pytest.mark.parametrize("is_known", [True, False], ids=["logged in", "a stranger"])
async def test_wrong_packets_hurt_only_who_sends_them(
    base_url: str,
    other: Watcher,
    people: People,
    agent_token: str,
    caplog: pytest.LogCaptureFixture,
    is_known: bool,
) -> None:
    for name, frames in WRONG.items():
        async with await open_raw(base_url) as raw:
            if is_known:
                await log_in(raw, agent_token)
            await send_all(raw, frames)
            assert await is_served(other, people), name
    assert [
        record.message
        for record in caplog.records
        if record.name == "uvicorn.error" and record.levelno >= logging.WARNING
    ] == []


def mutated(frame: str, source: random.Random) -> str | bytes:
    """Change, drop, double or add some of what was right."""
    characters = list(frame)
    for _ in range(source.randint(1, 6)):
        at = source.randrange(len(characters) + 1)
        characters[at : at + source.choice((0, 1, 3))] = source.choice(
            (
                "",
                "[",
                "]",
                "{",
                "}",
                '"',
                ",",
                "-",
                "/",
                "0",
                "9",
                "\x00",
                "ä",
                "\\",
                "null",
                '"_placeholder":true',
                "51-",
            )
        )
    text = "".join(characters)
    return text.encode() if source.random() < 0.2 else text


async def test_random_packets_hurt_only_who_sends_them(
    base_url: str, other: Watcher, people: People, agent_token: str
) -> None:
    source = random.Random(RANDOM_FRAMES)
    right = [
        f'40{{"token":"{agent_token}"}}',
        f'421["join:user","{people.agent.id}"]',
        '42["job:subscribe",{"jobId":"x"}]',
        f'421["ticket:subscribe",{{"ticketId":"{people.agent.id}"}}]',
        "2probe",
    ]
    left = [mutated(source.choice(right), source) for _ in range(RANDOM_FRAMES)]
    while left:
        async with await open_raw(base_url) as raw:
            await log_in(raw, agent_token)
            batch, left = left[:20], left[20:]
            await send_all(raw, batch)
            assert await is_served(other, people)


async def test_unknown_events_are_refused_and_those_of_the_library_are_not_even_answered(
    base_url: str, agent_token: str, people: People
) -> None:
    async with await open_raw(base_url) as raw:
        await log_in(raw, agent_token)
        for event in ("no:such:event", "message", "jobs:created", "*", "", "__init__"):
            await raw.send(f'421["{event}","{people.agent.id}"]')
            assert await raw.recv() == '431[{"ok":false,"error":"unknown_event"}]'
        for event in ("connect", "disconnect"):
            await raw.send(f'421["{event}","{people.agent.id}"]')
        await raw.send(f'422["join:user","{people.agent.id}"]')
        assert await raw.recv() == '432[{"ok":true,"jobs":[]}]'


@pytest.mark.parametrize("arguments", ['"disconnect","x"', '"connect",{},{"token":"OTHER"}'])
async def test_no_event_hides_a_socket_from_the_loss_of_its_rights(
    base_url: str, other: Watcher, people: People, settings: Settings, bench: Workbench, arguments: str
) -> None:
    """The handlers of these two are the library's to call: one would forget the session, one would take another's."""
    async with await open_raw(base_url) as raw:
        await log_in(raw, tokens.issue(people.other_admin.id, settings.jwt_secret, 600))
        await raw.send(
            "42[" + arguments.replace("OTHER", tokens.issue(people.agent.id, settings.jwt_secret, 600)) + "]"
        )
        assert await is_served(other, people)
        await bench.execute("update users set active = false where username = 'other_admin'")
        async with asyncio.timeout(10):
            assert await raw.recv() == "41"


async def test_a_giant_message_closes_its_socket(
    base_url: str, other: Watcher, people: People, agent_token: str
) -> None:
    for size in (MAX_MESSAGE_BYTES + 1, 20_000_000):
        for frame in ("4" + "x" * size, b"x" * size):
            async with await open_raw(base_url) as raw:
                await log_in(raw, agent_token)
                await send_all(raw, [frame])
                await read_to_the_end(raw)
                assert await is_served(other, people)


async def test_a_giant_post_is_refused(stranger: httpx.AsyncClient, other: Watcher, people: People) -> None:
    url = await polling(stranger)
    answer = await stranger.post(url, content=b"4" + b"x" * MAX_MESSAGE_BYTES, timeout=5)
    assert answer.status_code == 400
    assert (await stranger.get(url)).status_code == 400
    assert await is_served(other, people)


async def test_a_wrong_post_is_refused(stranger: httpx.AsyncClient) -> None:
    url = await polling(stranger)
    assert (await stranger.post(url, content=b"0{}", timeout=5)).status_code == 400


async def test_who_does_not_fetch_what_was_asked_for_is_dropped(
    stranger: httpx.AsyncClient, other: Watcher, people: People
) -> None:
    url = await polling(stranger)

    async def is_dropped() -> bool:
        answer = await stranger.post(url, content="\x1e".join(["40{}"] * 16))
        return answer.status_code == 400

    for _ in range(MAX_UNFETCHED_PACKETS // 16):
        await is_dropped()
    await until(is_dropped)
    assert await is_served(other, people)


async def test_attachments_are_not_collected_without_end(base_url: str, agent_token: str) -> None:
    """Ten is what the JavaScript parser takes at most; an event of ours has none."""
    async with await open_raw(base_url) as raw:
        await log_in(raw, agent_token)
        await raw.send('459999999-1["join:user","x"]')
        await raw.send('421["join:user","x"]')
        assert await raw.recv() == '431[{"ok":false,"error":"invalid"}]'


async def test_ten_thousand_rapid_joins_are_done_one_by_one_and_keep_nobody_else_waiting(
    base_url: str, other: Watcher, admin: httpx.AsyncClient, people: People, agent_token: str
) -> None:
    """One in fifty asks the database; the others ask for what is forbidden."""
    asked = [(people.admin if number % 50 else people.agent).id for number in range(JOINS)]
    async with await open_raw(base_url) as raw:
        await log_in(raw, agent_token)
        sending = asyncio.create_task(send_all(raw, [f'42{n}["join:user","{user}"]' for n, user in enumerate(asked)]))
        acks = asyncio.create_task(received(raw, JOINS))
        while not acks.done():
            assert await is_served(other, people)
            assert (await admin.get("/api/me")).status_code == 200
        await sending
        assert await acks == [(n, n % 50 == 0) for n in range(JOINS)]


async def received(raw: ClientConnection, count: int) -> list[tuple[int, bool]]:
    """Take this many acks, as id and whether all is well; answer pings meanwhile, for it may take long."""
    acks: list[tuple[int, bool]] = []
    while len(acks) < count:
        frame = str(await raw.recv())
        if frame == "2":
            await raw.send("3")
            continue
        number, _, answer = frame.removeprefix("43").partition("[")
        acks.append((int(number), json.loads("[" + answer)[0]["ok"]))
    return acks


async def polling(client: httpx.AsyncClient) -> str:
    opened = await client.get(POLLING)
    return f"{POLLING}&sid={json.loads(opened.text[1:])['sid']}"
