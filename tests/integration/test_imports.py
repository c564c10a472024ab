"""Files sent to be imported: what is read, what is refused, and what an admin is told of it."""

import asyncio
import json
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.accounts import tokens
from app.imports import controller, service
from app.imports import store as imports
from app.settings import Settings
from tests.support.people import People
from tests.support.waiting import until
from tests.support.workbench import Workbench

CSV, NDJSON = {"Content-Type": "text/csv"}, {"Content-Type": "application/x-ndjson"}


async def sent(client: httpx.AsyncClient, content: str | bytes, **options: Any) -> dict[str, Any]:
    answer = await client.post("/api/imports", content=content, headers=options.pop("headers", CSV), **options)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/api/imports/{told['id']}"
    assert (await client.get(answer.headers["location"])).json() == told
    return told


def problems(told: dict[str, Any]) -> list[tuple[int, str | None, str]]:
    return [(each["line"], each["column"], each["code"]) for each in told["problems"]]


async def test_what_each_line_says_is_read(admin: httpx.AsyncClient, people: People) -> None:
    told = await sent(
        admin,
        "\ufeffSubject;Body;Status;priority;Labels;Requester;Assigned to;E-mail;Customer name;ID;Created;Mood\r\n"
        '"One; two";"Line\nand ""line""";In progress;HIGH;a|b;REQUESTER;agent@example.com;Ann@Example.com;Ann;7;'
        "2026-01-02T03:04:05+01:00;glad\r\n"
        "\r\n"
        "Plain\r\n",
    )
    assert [told[name] for name in ("rows", "valid", "faulty", "duplicates")] == [2, 2, 0, 0]
    assert [(each["name"], each["field"]) for each in told["columns"]][-3:] == [
        ("ID", "externalId"),
        ("Created", "createdAt"),
        ("Mood", None),
    ]
    first, second = told["sample"]
    assert first == {
        "line": 2,
        "title": "One; two",
        "description": 'Line\nand "line"',
        "status": "in_progress",
        "priority": "high",
        "tags": ["a", "b"],
        "requesterId": str(people.requester.id),
        "assigneeId": str(people.agent.id),
        "contactName": "Ann",
        "contactEmail": "Ann@Example.com",
        "externalId": "7",
        "createdAt": "2026-01-02T02:04:05Z",
        "type": "general",
        "fields": {},
    }
    assert (second["line"], second["status"], second["requesterId"]) == (5, "open", str(people.admin.id))


async def test_ndjson_says_the_same(admin: httpx.AsyncClient) -> None:
    lines = [
        {"title": "One", "tags": ["a", "b"], "externalId": 7, "mood": None, "assignee": None},
        {"Subject": "Two", "status": "closed"},
    ]
    told = await sent(admin, "\n\n".join(json.dumps(line) for line in lines), headers=NDJSON)
    assert [(row["line"], row["title"], row["tags"], row["externalId"]) for row in told["sample"]] == [
        (1, "One", ["a", "b"], "7"),
        (3, "Two", [], None),
    ]


async def test_a_line_can_be_of_any_type_and_has_its_fields_in_columns(admin: httpx.AsyncClient) -> None:
    told = await sent(
        admin,
        "Type,status,Fields.Cable Type,fields.cableGauge,fields.cable_length,fields.quantity,title\n"
        "Cable,fulfilled,Cat6,23AWG,100,2,\n"
        "cable,,Cat6,23AWG,100,,Mine\n"
        "incident,,,,,,No type of ours\n"
        "general,,,,,,\n"
        "cable,open,Cat6,23AWG,100,,\n"
        f"cable,,Cat6,23AWG,100,{'9' * 5_000},\n"
        "cable,,Cat6,,100,,\n"
        "general,,Cat6,,,,Not of its type\n",
    )
    fields = {"cableType": "Cat6", "cableGauge": "23AWG", "cableLength": "100 ft", "location": "", "notes": ""}
    assert [(row["type"], row["status"], row["title"], row["fields"]) for row in told["sample"]] == [
        ("cable", "fulfilled", "Cable: 2 of Cat6 23AWG, 100 ft", {**fields, "quantity": 2}),
        ("cable", "pending_approval", "Mine", {**fields, "quantity": 1}),
        ("general", "open", "No type of ours", {}),
    ]
    assert problems(told) == [
        (5, "title", "invalid"),
        (6, "status", "invalid"),
        (7, "fields.quantity", "invalid"),
        (8, "fields", "invalid"),
        (9, "fields", "invalid"),
    ]


async def test_ndjson_may_have_the_fields_together_as_the_api_does(admin: httpx.AsyncClient) -> None:
    fields = {"part": "SFP-10G-LR", "quantity": 3, "location": "Rack 7", "notes": ""}
    lines: list[dict[str, Any]] = [
        {"type": "optics", "fields": fields},
        {"type": "optics", "fields": {**fields, "quantity": "many"}},
        {"title": "Of no type", "type": [], "fields": 7},
    ]
    told = await sent(admin, "\n".join(json.dumps(line) for line in lines), headers=NDJSON)
    assert [(row["type"], row["title"], row["fields"]) for row in told["sample"]] == [
        ("optics", "Optics: 3 of SFP-10G-LR", fields),
        ("general", "Of no type", {}),
    ]
    assert problems(told) == [(2, "fields.quantity", "invalid")]


async def test_faults_are_told_by_line_and_go_on_by_cursor(admin: httpx.AsyncClient) -> None:
    told = await sent(
        admin,
        "title,status,tags,requester,assignee,contactName,createdAt\n"
        ",open\n"
        "a,lost\n"
        f"{'x' * 256}\n"
        "b,,,nobody\n"
        "c,,,,requester\n"
        "d,,,,,Ann\n"
        "e,,,,,,yesterday\n"
        "f,,,,,,0001-01-01T00:00:00+14:00\n"
        "nul\0\n"
        '"g"h\n'
        "i,,,,,,,,,\n"
        "good\n",
    )
    assert problems(told) == [
        (2, "title", "invalid"),
        (3, "status", "invalid"),
        (4, "title", "invalid"),
        (5, "requester", "unknown_user"),
        (6, "assignee", "unknown_user"),
        (7, "contactEmail", "invalid"),
        (8, "createdAt", "invalid"),
        (9, "createdAt", "invalid"),
        (10, "title", "invalid"),
        (11, None, "malformed"),
        (12, None, "malformed"),
    ]
    assert (told["rows"], told["faulty"], told["valid"]) == (12, 11, 1)
    path, query, found = f"/api/imports/{told['id']}/problems", {"limit": "4"}, []
    while True:
        page = (await admin.get(path, params=query)).json()
        found += page["problems"]
        if page["nextCursor"] is None:
            break
        query["cursor"] = page["nextCursor"]
    assert found == told["problems"]


async def test_broken_json_is_a_fault_of_its_line(admin: httpx.AsyncClient) -> None:
    lines = ['{"title": "ok"}', "[]", "{", '{"title": 7}', '{"title": "\\ud800"}', "[" * 100_000, '{"tags": []}']
    told = await sent(admin, "\n".join(lines), headers=NDJSON)
    assert [line for line, _, _ in problems(told)] == [2, 3, 4, 5, 6, 7]
    assert told["valid"] == 1


async def test_columns_can_be_named(admin: httpx.AsyncClient) -> None:
    params = {"map": ["Betreff:title", "title:description"]}
    told = await sent(admin, "Betreff,title\nOne,Two\n", params=params)
    assert (told["sample"][0]["title"], told["sample"][0]["description"]) == ("One", "Two")
    kept = (await admin.get(f"/api/imports/{told['id']}")).json()["columns"]
    assert kept == [{"name": "Betreff", "field": "title"}, {"name": "title", "field": "description"}]
    refused = await admin.post("/api/imports", content="a\n", headers=CSV, params={"map": "a:number"})
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_file")


async def test_a_column_is_named_by_what_is_told_of_it_however_long_its_name(admin: httpx.AsyncClient) -> None:
    file = f"title, {'n' * 99} {'n' * 20}\nOne,Two\n"
    told = await sent(admin, file)
    again = await sent(admin, file, params={"map": f"{told['columns'][1]['name']}:description"})
    assert again["sample"][0]["description"] == "Two"


async def test_a_column_can_be_left_out(admin: httpx.AsyncClient) -> None:
    told = await sent(admin, "title,id\nOne,7\n", params={"map": "id:"})
    assert told["columns"] == [{"name": "title", "field": "title"}, {"name": "id", "field": None}]
    assert told["sample"][0]["externalId"] is None


async def test_a_file_without_a_title_says_its_columns_so_that_one_can_be_named(admin: httpx.AsyncClient) -> None:
    told = await sent(admin, "name,mood\nx,y\n")
    assert [column["name"] for column in told["columns"]] == ["name", "mood"]
    assert (told["valid"], problems(told)) == (0, [(2, "title", "invalid")])
    again = await sent(admin, "name,mood\nx,y\n", params={"map": "name:title"})
    assert (again["valid"], again["sample"][0]["title"]) == (1, "x")


async def test_of_lines_with_one_external_id_the_first_sound_one_counts(
    admin: httpx.AsyncClient, bench: Workbench
) -> None:
    [ticket_id] = await bench.tickets(1)
    await bench.execute("update tickets set external_id = 'there' where id = :id", id=ticket_id)
    told = await sent(admin, "title,id\n,A\nfirst,A\nagain,A\nknown,there\nother,a\n")
    assert problems(told) == [(2, "title", "invalid"), (4, "externalId", "duplicate")]
    assert [told[name] for name in ("rows", "valid", "faulty", "duplicates")] == [5, 2, 1, 2]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        ("title\n\u00e4\n".encode("latin-1"), "not UTF-8"),
        (b"title\n" + b"x\n" * 50_000 + b"\xff\n", "not UTF-8"),
        (b'title\n"never closed\n' + b"x\n" * 10, "line 2 a quote"),
        (b'title\n"never closed\n' + b"x\n" * 500_000, "line 2 a quote"),
        (b"title\n" + b"x" * 1_000_000, "too long"),
        (b",".join(b"c%d" % number for number in range(1_000)), "columns"),
        (b"title\n".decode().encode("utf-16"), "UTF-8"),
    ],
)
async def test_a_file_that_cannot_be_read_is_refused_and_leaves_nothing(
    admin: httpx.AsyncClient, bench: Workbench, content: bytes, said: str
) -> None:
    refused = await admin.post("/api/imports", content=content, headers=CSV)
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_file")
    assert said in refused.json()["detail"]
    await all_purged(bench)


async def test_what_is_no_such_file_is_refused(admin: httpx.AsyncClient) -> None:
    headers: list[dict[str, str]] = [
        {},
        {"Content-Type": "application/json"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        CSV | {"Content-Encoding": "gzip"},
    ]
    for each in headers:
        refused = await admin.post("/api/imports", content=b"title\na\n", headers=each)
        assert (refused.status_code, refused.json()["code"]) == (400, "invalid_request"), each
    told = await sent(admin, b"title\na\n", headers={}, params={"format": "csv"})
    assert told["valid"] == 1


async def test_a_header_alone_is_an_import_of_nothing(admin: httpx.AsyncClient) -> None:
    assert (await sent(admin, "title,status\n"))["rows"] == 0


async def test_a_file_past_the_limit_is_refused_though_nobody_told_its_length(
    admin: httpx.AsyncClient, bench: Workbench
) -> None:
    line = b"x" * 100_000 + b"\n"

    async def pieces() -> AsyncIterator[bytes]:
        yield b"title\n"
        for _ in range(controller.MAX_FILE_BYTES // len(line) + 1):
            yield line

    refused = await admin.post("/api/imports", content=pieces(), headers=CSV, timeout=120)
    assert (refused.status_code, refused.json()["code"]) == (413, "body_too_large")
    await all_purged(bench)


async def test_more_rows_than_one_import_takes_are_refused(
    admin: httpx.AsyncClient, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MAX_ROWS", 3)
    assert (await sent(admin, "title\na\nb\nc\n"))["rows"] == 3
    refused = await admin.post("/api/imports", content="title\na\nb\nc\nd\n", headers=CSV)
    assert (refused.status_code, refused.json()["code"]) == (413, "too_many_rows")


async def test_one_that_is_deleted_is_gone(admin: httpx.AsyncClient, bench: Workbench) -> None:
    told = await sent(admin, "title\na\n")
    path = f"/api/imports/{told['id']}"
    assert (await admin.delete(path)).status_code == 204
    for method, of in (("GET", path), ("GET", f"{path}/problems"), ("DELETE", path)):
        assert (await admin.request(method, of)).status_code == 404
    refused = await admin.post("/api/jobs", json={"type": "bulk-import", "payload": {"importId": told["id"]}})
    assert (refused.status_code, refused.json()["errors"][0]["path"]) == (400, "$.payload.importId")
    await all_purged(bench)


async def test_one_that_is_over_goes_unless_a_job_has_it(admin: httpx.AsyncClient, bench: Workbench) -> None:
    used, unused = [(await sent(admin, "title\na\nb\nc\n"))["id"] for _ in range(2)]
    job = {"type": "bulk-import", "payload": {"importId": used}}
    assert (await admin.post("/api/jobs", json=job)).status_code == 202
    assert (await admin.delete(f"/api/imports/{used}")).json()["code"] == "import_in_use"
    await bench.execute("update imports set expires_at = now()")
    await purge(bench, limit=2)
    assert (await admin.get(f"/api/imports/{used}")).json()["rows"] == 3
    assert (await admin.get(f"/api/imports/{unused}")).status_code == 404
    assert await count(bench, "import_rows") == 3


async def all_purged(bench: Workbench) -> None:
    await bench.execute("update imports set expires_at = now() where is_deleted")
    await purge(bench)
    assert (await count(bench, "imports"), await count(bench, "import_rows")) == (0, 0)


async def purge(bench: Workbench, **options: int) -> None:
    while True:
        async with bench.engine.begin() as connection:
            if not await imports.purge(connection, **options):
                return


async def count(bench: Workbench, table: str) -> int:
    async with bench.engine.connect() as connection:
        counted: int = await connection.scalar(text(f"select count(*) from {table}"))
        return counted


async def test_a_ticket_whose_external_id_another_has_by_now_stays_deleted(
    admin: httpx.AsyncClient, bench: Workbench
) -> None:
    first, second = await bench.tickets(2)
    await bench.execute("update tickets set external_id = 'x', deleted_at = now() where id = :id", id=first)
    await bench.execute("update tickets set external_id = 'x' where id = :id", id=second)
    refused = await admin.post(f"/api/tickets/{first}/restore")
    assert (refused.status_code, refused.json()["code"]) == (409, "external_id_taken")


async def test_a_client_that_hangs_up_leaves_nothing(base_url: str, settings: Settings, bench: Workbench) -> None:
    token = tokens.issue(bench.people.admin.id, settings.jwt_secret, 600)
    url = httpx.URL(base_url)
    _, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(
        f"POST /api/imports HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
        "Content-Type: text/csv\r\nContent-Length: 1000000\r\n\r\ntitle\n".encode()
    )
    writer.write(b"a\n" * 5_000)
    await until(partial(has_rows, bench))
    writer.transport.abort()
    await until(partial(is_discarded, bench))
    await all_purged(bench)


async def has_rows(bench: Workbench) -> bool:
    return await count(bench, "import_rows") >= service.BATCH_ROWS


async def is_discarded(bench: Workbench) -> bool:
    return await count(bench, "imports where is_deleted") == 1
