import asyncio

import httpx
import pytest

from app.webhooks.addresses import Addresses, Target
from app.webhooks.errors import AddressRefused
from app.webhooks.requests import Message, Requests

URL = "https://desk.example.com:8443/hook?a=b"
TARGET = Target("https://8.8.8.8:8443/hook?a=b", "desk.example.com", "desk.example.com:8443")
MESSAGES = [Message({"webhook-id": str(number)}, "{}") for number in range(3)]


class Leads(Addresses):
    """Leads where it is told to, or nowhere."""

    def __init__(self, found: Target | Exception) -> None:
        super().__init__(is_development=False)
        self._found = found

    async def resolve(self, _: str) -> Target:
        if isinstance(self._found, Exception):
            raise self._found
        return self._found


def answering(status: int, sent: list[httpx.Request], **headers: str) -> httpx.AsyncClient:
    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(status, headers=headers, stream=httpx.ByteStream(b"thank you"))

    return httpx.AsyncClient(transport=httpx.MockTransport(answer))


async def test_the_address_that_was_looked_at_is_connected_to_and_the_name_must_be_on_the_certificate() -> None:
    sent: list[httpx.Request] = []
    async with answering(200, sent) as client:
        answered = await Requests(Leads(TARGET)).post_all(client, URL, MESSAGES)
    assert [each.attempt.status_code for each in answered] == [200] * 3
    for request in sent:
        assert str(request.url) == TARGET.url
        assert request.headers["host"] == "desk.example.com:8443"
        assert request.extensions["sni_hostname"] == "desk.example.com"
    assert sorted(request.headers["webhook-id"] for request in sent) == ["0", "1", "2"]


async def test_a_redirect_is_an_answer_as_any_other() -> None:
    sent: list[httpx.Request] = []
    async with answering(302, sent, location="http://169.254.169.254/latest/meta-data") as client:
        [answered] = await Requests(Leads(TARGET)).post_all(client, URL, MESSAGES[:1])
    assert (answered.attempt.status_code, answered.attempt.is_delivered, len(sent)) == (302, False, 1)


async def test_a_client_of_lanes_follows_no_redirect_and_knows_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    async with Requests(Leads(TARGET)).client() as client:
        assert not client.follow_redirects
        assert not client._mounts


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        (AddressRefused("10.0.0.1 is not a public address"), "AddressRefused: 10.0.0.1 is not a public address"),
        (OSError("no such name"), "OSError: no such name"),
        (TimeoutError(), "Not answered in time"),
    ],
)
async def test_a_name_that_leads_nowhere_is_an_attempt_of_each(trouble: Exception, error: str) -> None:
    sent: list[httpx.Request] = []
    async with answering(200, sent) as client:
        answered = await Requests(Leads(trouble)).post_all(client, URL, MESSAGES)
    assert [(each.attempt.status_code, each.attempt.error) for each in answered] == [(None, error)] * 3
    assert sent == []


async def test_a_name_server_that_hangs_is_waited_for_no_longer_than_a_receiver() -> None:
    class Hangs(Leads):
        async def resolve(self, _: str) -> Target:
            await asyncio.Event().wait()
            raise AssertionError

    async with answering(200, []) as client:
        [answered] = await Requests(Hangs(TARGET), seconds=0.05).post_all(client, URL, MESSAGES[:1])
    assert answered.attempt.error == "Not answered in time"
