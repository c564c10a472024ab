"""Bad input, and what it gets. Nothing here may write, so one server and one database do for all of it."""

import gzip
from collections.abc import AsyncIterator
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app import asgi
from app.accounts import tokens
from tests.support.contract import Contract
from tests.support.http import http_client
from tests.support.lending import a_database
from tests.support.people import add_people, add_tickets
from tests.support.servers import Servers, settings_for
from tests.support.serving import serving

MAX_TARGETS = 30
LONE_SURROGATES = {
    "high": rb"\ud800",
    "low": rb"\udc00",
    "reversed": rb"\udc00\ud800",
    "before an escape": rb"\ud800\n",
    "raw": b"\xed\xa0\x80",
}


class Api(NamedTuple):
    """A running API as its admin sees it: a ticket, and two jobs whose items fill several pages."""

    client: httpx.AsyncClient
    engine: AsyncEngine
    ticket: str
    jobs: list[str]
    cursor: str


@pytest.fixture(scope="module")
async def api(servers: Servers, template: str, password_hash: str, contract: Contract) -> AsyncIterator[Api]:
    async with a_database(servers, template) as lent:
        settings = settings_for(lent.url, servers.redis_url, MAX_TARGETS=str(MAX_TARGETS))
        engine = lent.kept.engine
        people = await add_people(engine, password_hash)
        async with (
            serving(asgi.create_app(settings)) as base_url,
            http_client(base_url, event_hooks={"response": [contract.check]}) as client,
        ):
            client.headers["Authorization"] = f"Bearer {tokens.issue(people.admin.id, settings.jwt_secret, 3600)}"
            ids = await add_tickets(engine, people.requester, MAX_TARGETS)
            jobs = [(await client.post("/api/jobs", json=job_of(ids))).json()["id"] for _ in range(2)]
            cursor = (await client.get(f"/api/jobs/{jobs[0]}/items?limit=5")).json()["nextCursor"]
            yield Api(client, engine, f"/api/tickets/{ids[0]}", jobs, cursor)


@pytest.fixture(autouse=True)
async def nothing_is_written(api: Api) -> AsyncIterator[None]:
    before = await everything(api.engine)
    yield
    assert await everything(api.engine) == before


async def everything(engine: AsyncEngine) -> list[Any]:
    tables = ("users", "tickets", "comments", "jobs", "job_chunks", "job_items", "idempotency_keys")
    digest = "select md5(string_agg(row::text, '' order by row::text)) from {} as row"
    async with engine.connect() as connection:
        return [await connection.scalar(text(digest.format(table))) for table in tables]


def job_of(ids: list[UUID]) -> dict[str, Any]:
    return {"type": "bulk-delete", "payload": {"ticketIds": [str(ticket_id) for ticket_id in ids]}}


def assert_invalid(answer: httpx.Response, path: str) -> None:
    body = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (400, 400, "invalid_request"), answer.text
    assert [error["path"] for error in body["errors"]] == [path], answer.text
    assert all(error["message"] for error in body["errors"])


ANY_BODY = {
    "nothing": b"",
    "spaces": b"  \n",
    "no JSON": b"title=x",
    "half an object": b'{"title":',
    "two objects": b"{}{}",
    "single quotes": b"{'title':'x'}",
    "a comment": b'{} // "x"',
    "null": b"null",
    "an array": b"[]",
    "a string": b'"title"',
    "a number": b"1",
    "NaN": b"NaN",
    "UTF-16": '{"title":"x"}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "gzip": gzip.compress(b'{"title":"x"}'),
    "NULs": b"\x00" * 10,
    "deep arrays": b"[" * 500_000,
    "deep objects": b'{"a":' * 200_000,
}
BODIED = {
    "login": ("POST", "/api/login"),
    "registration": ("POST", "/api/register"),
    "reset": ("POST", "/api/password-reset"),
    "ticket": ("POST", "/api/tickets"),
    "put": ("PUT", "{ticket}"),
    "patch": ("PATCH", "{ticket}"),
    "comment": ("POST", "{ticket}/comments"),
    "job": ("POST", "/api/jobs"),
}


@pytest.mark.parametrize("route", BODIED)
@pytest.mark.parametrize("body", ANY_BODY)
async def test_what_is_no_json_object_is_refused(api: Api, route: str, body: str) -> None:
    method, path = BODIED[route]
    answer = await api.client.request(method, path.format(ticket=api.ticket), content=ANY_BODY[body])
    assert_invalid(answer, "$")


TICKETS = {
    "title missing": (b"{}", "$"),
    "title null": (b'{"title":null}', "$.title"),
    "title a number": (b'{"title":1}', "$.title"),
    "title an array": (b'{"title":["x"]}', "$.title"),
    "title empty": (b'{"title":""}', "$.title"),
    "title of 256": (b'{"title":"' + b"x" * 256 + b'"}', "$.title"),
    "title with NUL": (rb'{"title":"a\u0000b"}', "$.title"),
    "title ends with NUL": (rb'{"title":"a\u0000"}', "$.title"),
    "title with NUL after a line break": (rb'{"title":"a\n\u0000"}', "$.title"),
    "title with a raw NUL": (b'{"title":"a\x00b"}', "$"),
    "title not UTF-8": (b'{"title":"\xff\xfe"}', "$"),
    "title NaN": (b'{"title":NaN}', "$"),
    "title deeply nested": (b'{"title":' + b"[" * 500_000 + b"]" * 500_000 + b"}", "$.title"),
    "title a huge number": (b'{"title":' + b"9" * 100_000 + b"}", "$.title"),
    "description null": (b'{"title":"x","description":null}', "$.description"),
    "description of 20001": (b'{"title":"x","description":"' + b"x" * 20_001 + b'"}', "$.description"),
    "description with NUL": (rb'{"title":"x","description":"\u0000"}', "$.description"),
    "status unknown": (b'{"title":"x","status":"new"}', "$.status"),
    "status in capitals": (b'{"title":"x","status":"OPEN"}', "$.status"),
    "status null": (b'{"title":"x","status":null}', "$.status"),
    "status an object": (b'{"title":"x","status":{}}', "$.status"),
    "priority unknown": (b'{"title":"x","priority":"highest"}', "$.priority"),
    "priority Infinity": (b'{"title":"x","priority":Infinity}', "$"),
    "unknown field": (b'{"title":"x","colour":"red"}', "$"),
    "field in capitals": (b'{"title":"x","Status":"open"}', "$"),
    "id": (b'{"title":"x","id":"01a1fba6-1dd7-7e52-92c7-0b2f146a6fe0"}', "$"),
    "requester": (b'{"title":"x","requesterId":"01a1fba6-1dd7-7e52-92c7-0b2f146a6fe0"}', "$"),
    "version": (b'{"title":"x","version":7}', "$"),
    "deleted": (b'{"title":"x","deletedAt":null}', "$"),
    **{f"lone surrogate {name}": (b'{"title":"a' + raw + b'b"}', "$") for name, raw in LONE_SURROGATES.items()},
    "field named by a lone surrogate": (rb'{"title":"x","\ud800":1}', "$"),
}


@pytest.mark.parametrize("body", TICKETS)
async def test_bad_tickets_are_refused(api: Api, body: str) -> None:
    content, path = TICKETS[body]
    assert_invalid(await api.client.post("/api/tickets", content=content), path)


@pytest.mark.parametrize("body", [body for body in TICKETS if body != "title missing"])
async def test_bad_changes_are_refused(api: Api, body: str) -> None:
    content, path = TICKETS[body]
    assert_invalid(await api.client.patch(api.ticket, content=content), path)


@pytest.mark.parametrize("field", ["title", "description", "status"])
async def test_a_replacement_must_be_whole(api: Api, field: str) -> None:
    whole = {"title": "x", "description": "", "status": "open", "priority": "low"}
    del whole[field]
    assert_invalid(await api.client.put(api.ticket, json=whole), "$")


ID = b"01a1fba6-1dd7-7e52-92c7-0b2f146a6fe0"
REASONED = b'{"type":"bulk-delete","payload":{"ticketIds":["01a1fba6-1dd7-7e52-92c7-0b2f146a6fe0"]},"reason":"%s"}'
JOBS = {
    "type missing": (b'{"payload":{"ticketIds":["%s"]}}' % ID, "$"),
    "type unknown": (b'{"type":"bulk-eat","payload":{"ticketIds":["%s"]}}' % ID, "$.type"),
    "type null": (b'{"type":null,"payload":{"ticketIds":["%s"]}}' % ID, "$.type"),
    "type a number": (b'{"type":1,"payload":{"ticketIds":["%s"]}}' % ID, "$.type"),
    "type in capitals": (b'{"type":"Bulk-Delete","payload":{"ticketIds":["%s"]}}' % ID, "$.type"),
    "payload missing": (b'{"type":"bulk-delete"}', "$"),
    "payload null": (b'{"type":"bulk-delete","payload":null}', "$.payload"),
    "payload an array": (b'{"type":"bulk-delete","payload":["%s"]}' % ID, "$.payload"),
    "payload deeply nested": (b'{"type":"bulk-delete","payload":' + b"[" * 500_000, "$.payload"),
    "ids missing": (b'{"type":"bulk-delete","payload":{}}', "$.payload"),
    "ids null": (b'{"type":"bulk-delete","payload":{"ticketIds":null}}', "$.payload.ticketIds"),
    "ids a string": (b'{"type":"bulk-delete","payload":{"ticketIds":"%s"}}' % ID, "$.payload.ticketIds"),
    "ids an object": (b'{"type":"bulk-delete","payload":{"ticketIds":{"0":"%s"}}}' % ID, "$.payload.ticketIds"),
    "no ids": (b'{"type":"bulk-delete","payload":{"ticketIds":[]}}', "$.payload.ticketIds"),
    "id no uuid": (b'{"type":"bulk-delete","payload":{"ticketIds":["%s","7"]}}' % ID, "$.payload.ticketIds[1]"),
    "id empty": (b'{"type":"bulk-delete","payload":{"ticketIds":[""]}}', "$.payload.ticketIds[0]"),
    "id a number": (b'{"type":"bulk-delete","payload":{"ticketIds":[7]}}', "$.payload.ticketIds[0]"),
    "id null": (b'{"type":"bulk-delete","payload":{"ticketIds":[null]}}', "$.payload.ticketIds[0]"),
    "id with a space": (b'{"type":"bulk-delete","payload":{"ticketIds":["%s "]}}' % ID, "$.payload.ticketIds[0]"),
    "id with NUL": (rb'{"type":"bulk-delete","payload":{"ticketIds":["\u0000"]}}', "$.payload.ticketIds[0]"),
    "ids in another spelling": (b'{"type":"bulk-delete","payload":{"ticket_ids":["%s"]}}' % ID, "$.payload"),
    "unknown field": (b'{"type":"bulk-delete","force":true,"payload":{"ticketIds":["%s"]}}' % ID, "$"),
    "unknown field in the payload": (b'{"type":"bulk-delete","payload":{"ticketIds":["%s"],"x":1}}' % ID, "$.payload"),
    "reason empty": (REASONED % b"", "$.reason"),
    "reason a number": (b'{"type":"bulk-delete","reason":1,"payload":{"ticketIds":["%s"]}}' % ID, "$.reason"),
    "reason with NUL": (REASONED % rb"a\u0000", "$.reason"),
    "reason of 501": (REASONED % (b"x" * 501), "$.reason"),
    **{f"reason with a lone surrogate {name}": (REASONED % raw, "$") for name, raw in LONE_SURROGATES.items()},
}


@pytest.mark.parametrize("body", JOBS)
async def test_bad_jobs_are_refused(api: Api, body: str) -> None:
    content, path = JOBS[body]
    assert_invalid(await api.client.post("/api/jobs", content=content), path)


async def test_more_targets_than_allowed_are_too_many(api: Api) -> None:
    answer = await api.client.post("/api/jobs", json=job_of([uuid4() for _ in range(MAX_TARGETS + 1)]))
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_targets")
    assert answer.json()["limit"] == MAX_TARGETS
    assert str(MAX_TARGETS) in answer.json()["detail"]


LOGINS = {
    "name missing": (b'{"password":"x"}', "$"),
    "password missing": (b'{"username":"x"}', "$"),
    "name null": (b'{"username":null,"password":"x"}', "$.username"),
    "name empty": (b'{"username":"","password":"x"}', "$.username"),
    "name an object": (b'{"username":{"$ne":null},"password":"x"}', "$.username"),
    "name with NUL": (rb'{"username":"a\u0000","password":"x"}', "$.username"),
    "name of 255": (b'{"username":"' + b"x" * 255 + b'","password":"x"}', "$.username"),
    "password empty": (b'{"username":"x","password":""}', "$.password"),
    "password a number": (b'{"username":"x","password":1}', "$.password"),
    "password of 1025": (b'{"username":"x","password":"' + b"x" * 1025 + b'"}', "$.password"),
    "unknown field": (b'{"username":"x","password":"x","remember":true}', "$"),
    **{f"name {name}": (b'{"username":"a%sb","password":"x"}' % raw, "$") for name, raw in LONE_SURROGATES.items()},
    **{f"password {name}": (b'{"username":"x","password":"a%sb"}' % raw, "$") for name, raw in LONE_SURROGATES.items()},
}


@pytest.mark.parametrize("body", LOGINS)
async def test_bad_logins_are_refused(api: Api, body: str) -> None:
    content, path = LOGINS[body]
    assert_invalid(await api.client.post("/api/login", content=content), path)


async def test_a_password_may_be_any_text_even_a_nul(api: Api) -> None:
    answer = await api.client.post("/api/login", json={"username": "nobody", "password": "\x00"})
    assert answer.status_code == 401


OTHER_TYPES = {
    "application/x-www-form-urlencoded": b"title=x",
    "multipart/form-data; boundary=x": b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nx\r\n--x--\r\n',
    "application/x-msgpack": msgspec.msgpack.encode({"title": "x"}),
}


@pytest.mark.parametrize("media_type", OTHER_TYPES)
async def test_bodies_of_other_types_are_not_understood(api: Api, media_type: str) -> None:
    headers = {"Content-Type": media_type}
    assert_invalid(await api.client.post("/api/tickets", content=OTHER_TYPES[media_type], headers=headers), "$")


PAGES = ("0", "-1", "abc", "", "1.5", "NaN", "%D9%A1", "1%00", "1000001", "9" * 20, "9" * 5000, "1&page=0")
LIMITS = ("0", "-1", "101", "all", "", "9" * 20, "20&limit=0")
STATUSES = ("new", "", "OPEN", "open,closed", "%00")
BAD_PARAMETERS: dict[str, dict[str, tuple[str, ...]]] = {
    "/api/tickets": {
        "page": PAGES,
        "limit": LIMITS,
        "status": STATUSES,
        "text": ("", "%00", "a%00b", "a%0A%00", "x" * 256),
    },
    "/api/jobs": {"page": PAGES, "limit": LIMITS, "status": STATUSES, "type": ("%00", "x" * 65)},
    "{job}/items": {
        "from": ("-1", "1.5", "first", "2147483648"),
        "limit": LIMITS,
        "number": ("0", "#7"),
        "result": ("done", "", "%00"),
        "code": ("%00", "x" * 33),
    },
}


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        pytest.param(path, name, value, id=f"{path}?{name}={value[:20]} ({len(value)})")
        for path, parameters in BAD_PARAMETERS.items()
        for name, values in parameters.items()
        for value in values
    ],
)
async def test_bad_parameters_are_refused(api: Api, path: str, name: str, value: str) -> None:
    target = path.format(job=f"/api/jobs/{api.jobs[0]}")
    assert_invalid(await api.client.get(f"{target}?{name}={value}"), f"query.{name}")


@pytest.mark.parametrize("query", ["text=%FF%FE", "text=%ED%A0%80", "text=%", "text=%ZZ", "&&"])
async def test_odd_queries_find_what_they_may(api: Api, query: str) -> None:
    answer = await api.client.get(f"/api/tickets?{query}")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("%FF=%FF", "query.\ufffd"),
        ("x[]=1", "query.x[]"),
        ("staus=open", "query.staus"),
        ("page=1&page=2", "query.page"),
        ("limit=7&limit=7", "query.limit"),
    ],
)
async def test_parameters_that_are_none_or_too_many_are_refused(api: Api, query: str, path: str) -> None:
    assert_invalid(await api.client.get(f"/api/tickets?{query}"), path)


def tampered(cursor: str) -> dict[str, str]:
    flipped = {
        f"byte {at} changed": cursor[:at] + ("A" if cursor[at] != "A" else "B") + cursor[at + 1 :]
        for at in range(len(cursor))
    }
    return flipped | {
        "empty": "",
        "nonsense": "nonsense",
        "a number": "5",
        "shortened": cursor[:-1],
        "prolonged": cursor + "A",
        "padded": cursor + "=",
        "with a space": cursor + "%20",
        "with a line break": cursor + "%0A",
        "in capitals": cursor.upper(),
        "twice": cursor + cursor,
        "not ASCII": cursor + "é",
        "too long": "A" * 101,
        "NUL": "%00",
        "no UTF-8": "%FF",
    }


async def test_a_cursor_that_was_tampered_with_is_refused(api: Api) -> None:
    for how, cursor in tampered(api.cursor).items():
        answer = await api.client.get(f"/api/jobs/{api.jobs[0]}/items?limit=5&cursor={cursor}")
        assert answer.status_code == 400, how
        assert_invalid(answer, "query.cursor")


async def test_a_cursor_is_good_for_its_own_list_only(api: Api) -> None:
    one, other = (f"/api/jobs/{job_id}/items" for job_id in api.jobs)
    assert (await api.client.get(f"{one}?limit=9&cursor={api.cursor}")).status_code == 200
    for path in (f"{other}?limit=5", f"{one}?limit=5&result=unprocessed", f"{one}?limit=5&code=deleted"):
        assert_invalid(await api.client.get(f"{path}&cursor={api.cursor}"), "query.cursor")


IDS = {
    "a word": "abc",
    "a number": "1",
    "a uuid too long": f"{uuid4()}0",
    "a uuid too short": str(uuid4())[:-1],
    "a uuid in braces": f"{{{uuid4()}}}",
    "a URN": f"urn:uuid:{uuid4()}",
    "NUL": "%00",
    "no UTF-8": "%FF",
    "a lone surrogate": "%ED%A0%80",
    "a star": "*",
    "very long": "x" * 5000,
}
WITH_IDS = [
    ("GET", "/api/tickets/{}", "path.ticket_id"),
    ("PUT", "/api/tickets/{}", "path.ticket_id"),
    ("PATCH", "/api/tickets/{}", "path.ticket_id"),
    ("DELETE", "/api/tickets/{}", "path.ticket_id"),
    ("GET", "/api/jobs/{}", "path.job_id"),
    ("GET", "/api/jobs/{}/items", "path.job_id"),
    ("POST", "/api/jobs/{}/cancel", "path.job_id"),
]


@pytest.mark.parametrize("bad_id", IDS)
async def test_an_id_that_is_no_uuid_is_refused(api: Api, bad_id: str) -> None:
    whole = {"title": "x", "description": "", "status": "open", "priority": "low"}
    for method, path, where in WITH_IDS:
        body = whole if method in {"PUT", "PATCH"} else None
        assert_invalid(await api.client.request(method, path.format(IDS[bad_id]), json=body), where)


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
async def test_a_method_is_not_overridden(api: Api, header: str) -> None:
    for headers in ({header: "DELETE"}, {header: "PATCH"}):
        assert (await api.client.get(api.ticket, headers=headers)).status_code == 200
        assert (await api.client.post(api.ticket, headers=headers, params={"_method": "DELETE"})).status_code == 405
