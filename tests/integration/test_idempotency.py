import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest
from sqlalchemy import text

from app.settings import Settings
from tests.integration.conftest import Client
from tests.support.workbench import Workbench

KEY = "night-shift-2026-11-21"


@pytest.fixture
async def settings(settings: Settings) -> Settings:
    return msgspec.structs.replace(settings, max_targets=20)


def body_of(ids: Sequence[UUID], **more: Any) -> dict[str, Any]:
    return {"type": "bulk-delete", "payload": {"ticketIds": [str(ticket_id) for ticket_id in ids]}, **more}


async def post(client: httpx.AsyncClient, body: dict[str, Any] | str, key: str | None = KEY) -> httpx.Response:
    content = body if isinstance(body, str) else msgspec.json.encode(body)
    headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key is not None else {})
    return await client.post("/api/jobs", content=content, headers=headers)


async def counted(bench: Workbench) -> tuple[int, int, int]:
    """Count the jobs, their chunks and the keys that are stored."""
    statement = "select (select count(*) from jobs), (select count(*) from job_chunks), count(*) from idempotency_keys"
    async with bench.engine.connect() as connection:
        jobs, chunks, keys = (await connection.execute(text(statement))).one()
    return jobs, chunks, keys


def replayed(answer: httpx.Response) -> str | None:
    found: str | None = answer.headers.get("idempotency-replayed")
    return found


async def test_the_same_request_is_answered_with_the_first_one_s_job(
    admin: httpx.AsyncClient, bench: Workbench
) -> None:
    body = body_of(await bench.tickets(3))
    first, second = await post(admin, body), await post(admin, body)
    assert (first.status_code, second.status_code) == (202, 202)
    assert (replayed(first), replayed(second)) == (None, "true")
    assert second.json() == first.json()
    for name in ("location", "retry-after"):
        assert second.headers[name] == first.headers[name]
    assert await counted(bench) == (1, 1, 1)


async def test_a_replay_shows_the_job_as_it_is_now(admin: httpx.AsyncClient, bench: Workbench) -> None:
    body = body_of(await bench.tickets(15))
    job_id = (await post(admin, body)).json()["id"]
    await bench.lanes(slice_seconds=0).run(UUID(job_id))
    midway = (await post(admin, body)).json()
    assert (midway["status"], midway["processed"], midway["unprocessed"]) == ("running", 10, 5)
    await bench.lanes().run(UUID(job_id))
    again = await post(admin, body)
    assert (again.json()["id"], again.json()["status"], again.json()["progress"]) == (job_id, "completed", 100)
    assert (again.status_code, replayed(again)) == (202, "true")


async def test_the_key_of_a_canceled_job_starts_no_other(admin: httpx.AsyncClient, bench: Workbench) -> None:
    body = body_of(await bench.tickets(3))
    job_id = (await post(admin, body)).json()["id"]
    await admin.post(f"/api/jobs/{job_id}/cancel")
    again = await post(admin, body)
    assert (again.json()["id"], again.json()["status"]) == (job_id, "canceled")
    assert (again.status_code, replayed(again)) == (202, "true")


async def test_it_does_not_matter_how_the_json_is_spelled(admin: httpx.AsyncClient, bench: Workbench) -> None:
    one, two = uuid4(), uuid4()
    first = await post(admin, f'{{"type":"bulk-delete","payload":{{"ticketIds":["{one}","{two}"]}}}}')
    spelled = {
        "spaces": f'  {{ "type" : "bulk-delete",\n\t"payload" : {{ "ticketIds" : [ "{one}" , "{two}" ] }} }}\r\n',
        "order": f'{{"payload":{{"ticketIds":["{one}","{two}"]}},"type":"bulk-delete"}}',
        "escapes": f'{{"t\\u0079pe":"bulk\\u002ddelete","payload":{{"ticketIds":["{one}","{two}"]}}}}',
        "ids in capitals": f'{{"type":"bulk-delete","payload":{{"ticketIds":["{str(one).upper()}","{two}"]}}}}',
        "ids without dashes": f'{{"type":"bulk-delete","payload":{{"ticketIds":["{one.hex}","{two.hex}"]}}}}',
        "a null": f'{{"type":"bulk-delete","payload":{{"ticketIds":["{one}","{two}"]}},"reason":null}}',
    }
    answers = {how: await post(admin, body) for how, body in spelled.items()}
    assert {how: answer.status_code for how, answer in answers.items()} == dict.fromkeys(spelled, 202)
    assert {answer.json()["id"] for answer in answers.values()} == {first.json()["id"]}
    assert {replayed(answer) for answer in answers.values()} == {"true"}


async def test_the_order_of_targets_means_nothing(admin: httpx.AsyncClient, bench: Workbench) -> None:
    ids = await bench.tickets(5)
    first, again = await post(admin, body_of(ids)), await post(admin, body_of(ids[::-1]))
    assert (first.status_code, again.status_code, replayed(again)) == (202, 202, "true")
    assert again.json() == first.json()


async def test_a_key_is_good_for_one_request(admin: httpx.AsyncClient, bench: Workbench) -> None:
    one, two = await bench.tickets(2)
    first = await post(admin, body_of([one, two], reason="Spam"))
    others = {
        "fewer ids": body_of([one], reason="Spam"),
        "more ids": body_of([one, two, uuid4()], reason="Spam"),
        "an id twice": body_of([one, two, two], reason="Spam"),
        "another reason": body_of([one, two], reason="spam"),
        "no reason": body_of([one, two]),
    }
    answers = {how: await post(admin, body) for how, body in others.items()}
    assert {how: answer.status_code for how, answer in answers.items()} == dict.fromkeys(others, 422)
    assert {answer.json()["code"] for answer in answers.values()} == {"idempotency_key_reused"}
    assert all(first.json()["id"] not in answer.text for answer in answers.values())
    assert await counted(bench) == (1, 1, 1)


async def test_keys_belong_to_their_users(admin: httpx.AsyncClient, client: Client, bench: Workbench) -> None:
    body = body_of(await bench.tickets(2))
    mine = await post(admin, body)
    async with client(bench.people.other_admin) as other_admin:
        theirs, theirs_again = await post(other_admin, body), await post(other_admin, body)
        unlike = await post(other_admin, body_of(await bench.tickets(1)), key="a-key-of-theirs")
    assert (mine.status_code, theirs.status_code, unlike.status_code) == (202, 202, 202)
    assert (replayed(mine), replayed(theirs), replayed(theirs_again)) == (None, None, "true")
    assert len({mine.json()["id"], theirs.json()["id"], unlike.json()["id"]}) == 3
    assert theirs_again.json()["id"] == theirs.json()["id"]


async def test_without_a_key_each_request_is_a_job(admin: httpx.AsyncClient, bench: Workbench) -> None:
    body = body_of(await bench.tickets(2))
    answers = [await post(admin, body, key=None) for _ in range(3)]
    assert len({answer.json()["id"] for answer in answers}) == 3
    assert {replayed(answer) for answer in answers} == {None}
    assert await counted(bench) == (3, 3, 0)


async def test_keys_are_compared_to_the_letter(admin: httpx.AsyncClient, bench: Workbench) -> None:
    body = body_of(await bench.tickets(1))
    keys = ["a", "A", "a%", "_", "'", '"', "\\", "!~", "x" * 255, "x" * 254]
    answers = {key: await post(admin, body, key=key) for key in keys}
    assert {key: answer.status_code for key, answer in answers.items()} == dict.fromkeys(keys, 202)
    assert len({answer.json()["id"] for answer in answers.values()}) == len(keys)


async def test_fifty_posts_at_once_with_one_key_are_one_job(admin: httpx.AsyncClient, bench: Workbench) -> None:
    body = body_of(await bench.tickets(15))
    answers = await asyncio.gather(*(post(admin, body) for _ in range(50)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sorted(replayed(answer) or "" for answer in answers) == [""] + ["true"] * 49
    assert await counted(bench) == (1, 2, 1)


async def test_of_many_requests_at_once_under_one_key_the_first_wins(
    admin: httpx.AsyncClient, bench: Workbench
) -> None:
    bodies = [body_of([uuid4()]) for _ in range(20)]
    answers = await asyncio.gather(*(post(admin, body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [202] + [422] * 19
    assert await counted(bench) == (1, 1, 1)
    winner = next(body for body, answer in zip(bodies, answers, strict=True) if answer.status_code == 202)
    assert replayed(await post(admin, winner)) == "true"


BAD_KEYS = {
    "empty": b"",
    "of 256": b"x" * 256,
    "of 8000": b"x" * 8000,
    "of spaces": b"   ",
    "with a space": b"a b",
    "with a tab": b"a\tb",
    "of UTF-8": "clé".encode(),
    "of Latin-1": b"cl\xe9",
    "of high bytes": b"\xff\xfe",
}
# uvicorn refuses most of these before they come to us.
KEYS_WITH_CONTROL_CHARACTERS = {"NUL": b"a\x00b", "SOH": b"a\x01b", "LF": b"a\nb", "ESC": b"\x1b[0m", "DEL": b"a\x7fb"}


async def post_raw(admin: httpx.AsyncClient, key: bytes, body: bytes) -> bytes:
    """Post with a key that httpx would not send; return all that comes back."""
    head = b"POST /api/jobs HTTP/1.1\r\nHost: api\r\nConnection: close\r\nAuthorization: %s\r\nContent-Length: %d\r\n"
    token = admin.headers["authorization"].encode()
    reader, writer = await asyncio.open_connection(admin.base_url.host, admin.base_url.port)
    writer.write(head % (token, len(body)) + b"Idempotency-Key: %s\r\n\r\n" % key + body)
    async with asyncio.timeout(5):
        answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


async def test_a_key_has_1_to_255_visible_ascii_characters(admin: httpx.AsyncClient, bench: Workbench) -> None:
    body = msgspec.json.encode(body_of(await bench.tickets(2)))
    answers = {what: await post_raw(admin, key, body) for what, key in BAD_KEYS.items()}
    assert [what for what, answer in answers.items() if not answer.startswith(b"HTTP/1.1 400 ")] == []
    path = b'"errors":[{"path":"header.Idempotency-Key",'
    assert [what for what, answer in answers.items() if path not in answer] == []
    answers = {what: await post_raw(admin, key, body) for what, key in KEYS_WITH_CONTROL_CHARACTERS.items()}
    assert [what for what, answer in answers.items() if not answer.startswith(b"HTTP/1.1 400 ")] == []
    assert await counted(bench) == (0, 0, 0)


async def test_a_refused_request_does_not_use_up_its_key(
    admin: httpx.AsyncClient, agent: httpx.AsyncClient, bench: Workbench
) -> None:
    body = body_of(await bench.tickets(2))
    refused = [
        await post(admin, "{"),
        await post(admin, body_of([])),
        await post(admin, {**body, "surprise": 1}),
        await post(admin, body_of([uuid4() for _ in range(21)])),
        await post(agent, body),
    ]
    assert [answer.status_code for answer in refused] == [400, 400, 400, 422, 403]
    assert await counted(bench) == (0, 0, 0)
    accepted = await post(admin, body)
    assert (accepted.status_code, replayed(accepted)) == (202, None)
