"""Which requests are made again, and what becomes of those whose answer got lost."""

import json
from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest

from app.client import AsyncClient, Interrupted, JobRequest, Refused, UnexpectedAnswer, Unreachable, retries
from tests.support.samples import as_told

URL = "http://127.0.0.1:1"
REQUEST = JobRequest(type="bulk-delete", payload={"ticketIds": [uuid4()]})
JOB = msgspec.to_builtins(as_told(status="queued"))
JOB_ID = JOB["id"]

Answer = httpx.Response | Exception


class Script:
    """An API that answers what it is told to, one request after the other."""

    def __init__(self, answers: Iterable[Answer]) -> None:
        self._answers = list(answers)
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def keys(self) -> set[str | None]:
        return {request.headers.get("Idempotency-Key") for request in self.asked}


Playing = Callable[..., tuple[AsyncClient, Script]]


@pytest.fixture
def playing(monkeypatch: pytest.MonkeyPatch) -> Playing:
    monkeypatch.setattr(retries, "FIRST_PAUSE_SECONDS", 0.0)

    def play(*answers: Answer, **credentials: Any) -> tuple[AsyncClient, Script]:
        script, client = Script(answers), AsyncClient(URL, **(credentials or {"token": "first"}))
        client._transport._http = httpx.AsyncClient(base_url=URL, transport=httpx.MockTransport(script))
        return client, script

    return play


def job(code: int = 202, **members: object) -> httpx.Response:
    return httpx.Response(code, json=JOB | members)


def refusal(status: int, code: str = "code", *, retry_after: str = "0", **members: object) -> httpx.Response:
    body = {"status": status, "code": code, "detail": "No.", **members}
    return httpx.Response(status, json=body, headers={"Retry-After": retry_after})


@pytest.mark.parametrize(
    "failure",
    [httpx.ConnectError("refused"), httpx.ReadTimeout("slow"), httpx.RemoteProtocolError("cut off")]
    + [refusal(status) for status in (429, 502, 503, 504)],
)
async def test_a_post_that_did_not_come_through_is_made_again_with_the_same_key(
    playing: Playing, failure: Answer
) -> None:
    client, script = playing(failure, failure, job())
    assert (await client.submit(REQUEST)).job.status == "queued"
    assert (len(script.asked), len(script.keys)) == (3, 1)
    assert {request.content for request in script.asked} == {msgspec.json.encode(REQUEST)}


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422, 500])
async def test_a_refusal_is_final_and_tells_all(playing: Playing, status: int) -> None:
    wrong = [{"path": "$.payload.status", "message": "Invalid"}]
    client, script = playing(refusal(status, "the_code", errors=wrong, state="paused"))
    with pytest.raises(Refused) as refused:
        await client.submit(REQUEST)
    error = refused.value
    assert (error.status, error.code, str(error)) == (status, "the_code", "No. $.payload.status: Invalid")
    assert (error.body["state"], error.may_have_happened, len(script.asked)) == ("paused", False, 1)


async def test_patience_has_an_end(playing: Playing) -> None:
    client, script = playing(refusal(429, retry_after="31"))
    with pytest.raises(Refused):
        await client.submit(REQUEST)
    assert len(script.asked) == 1


@pytest.mark.parametrize("verb", ["pause", "resume", "cancel"])
async def test_what_happened_before_its_answer_got_lost_has_happened(playing: Playing, verb: str) -> None:
    state = {"pause": "paused", "resume": "running", "cancel": "canceled"}[verb]
    client, script = playing(httpx.ReadError("cut off"), refusal(409, state=state), job(200, status=state))
    assert (await getattr(client, verb)(JOB_ID)).status == state
    assert [request.method for request in script.asked] == ["POST", "POST", "GET"]
    client, _ = playing(refusal(429), refusal(409, state=state))
    with pytest.raises(Refused):  # as nothing was in doubt
        await getattr(client, verb)(JOB_ID)


@pytest.mark.parametrize(("verb", "code"), [("retry", "already_retried"), ("undo", "already_undone")])
async def test_the_job_that_was_made_before_the_answer_got_lost_is_found(
    playing: Playing, verb: str, code: str
) -> None:
    made = str(uuid4())
    client, script = playing(refusal(503), refusal(409, code, jobId=made), job(200, id=made))
    assert str((await getattr(client, verb)(JOB_ID)).id) == made
    assert script.asked[-1].url.path == f"/api/jobs/{made}"
    client, _ = playing(refusal(409, code, jobId=made))
    with pytest.raises(Refused):
        await getattr(client, verb)(JOB_ID)


async def test_a_token_that_is_refused_is_replaced_once(playing: Playing) -> None:
    tokens = iter(["first", "second", "second"])
    client, script = playing(refusal(401), job(200), token=lambda: next(tokens))
    await client.job(JOB_ID)
    assert [request.headers["Authorization"] for request in script.asked] == ["Bearer first", "Bearer second"]
    client, script = playing(refusal(401))
    with pytest.raises(Refused):
        await client.job(JOB_ID)
    assert len(script.asked) == 1


async def test_who_logs_in_does_so_with_the_first_request_and_again_when_that_has_expired(playing: Playing) -> None:
    def token(name: str) -> httpx.Response:
        return httpx.Response(200, json={"access_token": name})

    answers = (token("one"), job(200), refusal(401), token("two"), job(200))
    client, script = playing(*answers, username="ada", password="secret")
    await client.job(JOB_ID)
    await client.job(JOB_ID)
    assert [request.url.path.removeprefix("/api/").split("/")[0] for request in script.asked] == [
        *("login", "jobs", "jobs", "login", "jobs")
    ]
    assert json.loads(script.asked[0].content) == {"username": "ada", "password": "secret"}


async def test_what_is_no_bulkhead_is_told_apart(playing: Playing) -> None:
    client, _ = playing(httpx.Response(200, text="<html>"))
    with pytest.raises(UnexpectedAnswer):
        await client.job(JOB_ID)
    client, _ = playing(httpx.Response(404, text="<html>"))
    with pytest.raises(Refused, match="The server answered 404"):
        await client.job(JOB_ID)


async def test_ids_beyond_what_a_job_may_have_go_into_several(playing: Playing) -> None:
    ids = [uuid4() for _ in range(5)]
    client, script = playing(refusal(422, "too_many_targets", limit=2), job(), job(), job())
    submitted = [each async for each in client.submit_parts(REQUEST, ids, key="k")]
    assert len(submitted) == 3
    posted = [json.loads(request.content)["payload"]["ticketIds"] for request in script.asked[1:]]
    assert posted == [[str(id_) for id_ in ids[at : at + 2]] for at in (0, 2, 4)]
    assert [request.headers["Idempotency-Key"] for request in script.asked] == ["k-1", "k-1", "k-2", "k-3"]
    client, _ = playing(refusal(422, "too_many_targets"))
    with pytest.raises(Refused):  # an API that does not say how many
        [each async for each in client.submit_parts(REQUEST, ids)]


class BrokenOff(httpx.AsyncByteStream):
    async def __aiter__(self):  # type: ignore[no-untyped-def]  # noqa: ANN204
        yield b"position,"
        raise httpx.RemoteProtocolError("cut off")


async def test_an_export_that_breaks_off_begins_anew_and_leaves_no_half_a_file(playing: Playing, tmp_path: Any) -> None:
    def broken() -> httpx.Response:
        return httpx.Response(200, stream=BrokenOff())

    client, _ = playing(broken(), httpx.Response(200, text="position\n0\n"))
    file = await client.export(JOB_ID, tmp_path / "items.csv")
    assert file.read_text() == "position\n0\n"
    client, _ = playing(broken(), broken(), broken())
    with pytest.raises(Interrupted):
        await client.export(JOB_ID, tmp_path / "items.csv")
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("items.csv", "position\n0\n")]


@pytest.mark.parametrize("url", ["", "127.0.0.1:3001", "ftp://host", "http://", "http://host/?a=b"])
def test_what_is_no_address_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="is no address"):
        AsyncClient(url, token="t")


@pytest.mark.parametrize("credentials", [{}, {"username": "ada"}, {"token": "t", "username": "ada", "password": "p"}])
def test_either_a_token_or_a_name_and_a_password_is_given(credentials: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="Give either"):
        AsyncClient(URL, **credentials)  # type: ignore[arg-type]


async def test_nobody_there_is_unreachable(playing: Playing) -> None:
    client, _ = playing(httpx.ConnectError(""))
    with pytest.raises(Unreachable, match=f"does not answer at {URL}: ConnectError"):
        await client.me(patience_seconds=-1)


async def test_each_request_says_what_was_seen_and_one_that_got_lost_leaves_doubt(playing: Playing) -> None:
    position = {"Bulkhead-LSN": "00000000000000F0"}
    told = httpx.Response(200, json=JOB, headers=position)
    client, script = playing(told, httpx.ReadTimeout("slow"), told, told)
    for _ in range(3):
        await client.job(JOB_ID)
    said = [request.headers["Bulkhead-LSN"] for request in script.asked]
    assert said == ["latest", position["Bulkhead-LSN"], "latest", position["Bulkhead-LSN"]]
