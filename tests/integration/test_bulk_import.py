"""Jobs that make tickets of a file's rows."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from app.errors import InvalidRequest
from app.imports.models import Format
from app.imports.service import Imports
from app.jobs.models import Job
from app.jobs.operations.bulk_delete import BulkDelete
from app.jobs.operations.bulk_import import BulkImport, BulkImportPayload
from app.jobs.operations.bulk_restore import BulkRestore
from app.jobs.operations.operation import Targets
from app.jobs.queries import ExportQuery
from app.jobs.status import Status
from tests.support.workbench import Workbench


async def request(bench: Workbench, content: str, format_: Format = "csv", **options: Any) -> BulkImport:
    async def pieces() -> AsyncIterator[bytes]:
        yield content.encode()

    report = await Imports(bench.pools).create(bench.people.admin, format_, (), pieces())
    return BulkImport(payload=BulkImportPayload(import_id=report.found.id), **options)


async def imported(bench: Workbench, content: str) -> Job:
    return await done(bench, await bench.post(await request(bench, content)))


async def done(bench: Workbench, job: Job) -> Job:
    await bench.lanes().run(job.id)
    return await bench.job(job.id)


async def undone(bench: Workbench, job: Job) -> Job:
    return await done(bench, await bench.intake.undo(bench.caller, job.id))


async def rows(bench: Workbench, statement: str) -> list[Any]:
    async with bench.engine.connect() as connection:
        return list((await connection.execute(text(statement))).all())


async def live(bench: Workbench) -> list[str]:
    return [row[0] for row in await rows(bench, "select title from tickets where deleted_at is null order by number")]


def lines(count: int, start: int = 0) -> str:
    return "title,id\n" + "".join(f"Line {number},{number}\n" for number in range(start, start + count))


async def test_each_line_becomes_what_it_says(bench: Workbench) -> None:
    job = await imported(
        bench,
        "title,description,status,priority,tags,requester,assignee,contactEmail,contactName,id,created\n"
        "All,Text,closed,urgent,a;b,requester,agent@example.com,Ann@example.com,Ann,x-1,2026-01-02T03:04:05Z\n"
        "Plain\n",
    )
    assert (job.status, job.succeeded, job.failed) == (Status.COMPLETED, 2, 0)
    first, second = await rows(
        bench,
        "select tickets.*, contacts.name, contacts.email from tickets left join contacts on contacts.id = contact_id"
        " order by number",
    )
    assert (first.title, first.description, first.status, first.priority, first.tags, first.version) == (
        *("All", "Text", "closed", "urgent", ["a", "b"], 1),
    )
    people = bench.people
    assert (first.requester_id, first.assignee_id) == (people.requester.id, people.agent.id)
    assert (first.name, first.email, first.external_id) == ("Ann", "Ann@example.com", "x-1")
    assert first.created_at.isoformat() == "2026-01-02T03:04:05+00:00"
    assert (second.requester_id, second.contact_id, second.status, second.tags) == (people.admin.id, None, "open", [])
    assert [item.ticket_id for item in await bench.items(job.id)] == [first.id, second.id]


async def test_a_line_of_a_type_becomes_a_ticket_of_that_type(bench: Workbench) -> None:
    job = await imported(bench, "type,fields.part,fields.quantity\noptics,SFP-10G-LR,2\n")
    assert job.succeeded == 1
    [[*ticket]] = await rows(bench, "select type, status, title, fields from tickets")
    fields = {"part": "SFP-10G-LR", "quantity": 2, "location": "", "notes": ""}
    assert ticket == ["optics", "pending_approval", "Optics: 2 of SFP-10G-LR", fields]


async def test_positions_are_in_the_order_of_the_lines_and_each_says_what_became_of_it(bench: Workbench) -> None:
    content = lines(12) + ",faulty\nTwice,3\nElsewhere,there\n" + "Last,last\n"
    [ticket_id] = await bench.tickets(1)
    await bench.execute("update tickets set external_id = 'there' where id = :id", id=ticket_id)
    job = await imported(bench, content)
    items = await bench.items(job.id)
    assert [item.position for item in items] == list(range(16))
    assert [item.code for item in items] == [*["imported"] * 12, "invalid", "duplicate", "duplicate", "imported"]
    assert [item.ticket_title for item in items if item.code == "imported"][::12] == ["Line 0", "Last"]
    assert (job.total, job.succeeded, job.failed) == (16, 13, 3)
    assert [item.line for item in items[11:]] == [
        None,
        "Line 14: title: Must not be empty",
        "Line 15: externalId: An earlier line has the same external id",
        "Line 16",
        None,
    ]
    exported = [page async for page in bench.jobs.export(bench.people.admin, job, ExportQuery(result="failed"))]
    assert exported == [items[12:15]]


async def test_contacts_of_one_address_are_one(bench: Workbench) -> None:
    content = "title,email,contactName\n" + "".join(
        f"T{number},{address},Name {number}\n"
        for number, address in enumerate(["a@x.org", "A@X.org", "b@x.org", "a@x.org", "known@x.org"] * 5)
    )
    await bench.execute("insert into contacts (name, email) values ('Known', 'KNOWN@x.org')")
    await imported(bench, content)
    found = await rows(
        bench,
        "select lower(email), name, count(tickets.id) from contacts join tickets on contact_id = contacts.id"
        " group by 1, 2 order by 1",
    )
    assert [tuple(row) for row in found] == [
        ("a@x.org", "Name 0", 15),
        ("b@x.org", "Name 2", 5),
        ("known@x.org", "Known", 5),
    ]


async def test_two_imports_of_one_file_at_once_make_each_ticket_once(bench: Workbench) -> None:
    content = lines(60).replace("id\n", "id,email\n", 1).replace("\nLine", ",a@x.org\nLine")
    jobs = [await bench.post(await request(bench, content)) for _ in range(3)]
    await asyncio.gather(*(bench.lanes().run(job.id) for job in jobs for _ in range(2)))
    codes = [await bench.codes(job.id) for job in jobs]
    assert sum(codes, Counter()) == {"imported": 60, "duplicate": 120}
    assert len(await live(bench)) == 60
    assert len(await rows(bench, "select id from contacts")) == 1


async def test_one_import_twice_makes_its_tickets_once(bench: Workbench) -> None:
    posted = await request(bench, "title\na\nb\n")
    for codes in ({"imported": 2}, {"duplicate": 2}):
        job = await done(bench, await bench.post(posted))
        assert await bench.codes(job.id) == codes


async def test_what_was_canceled_goes_on_by_a_retry(bench: Workbench) -> None:
    job = await bench.post(await request(bench, lines(35)))
    await bench.lanes(slice_seconds=0).run(job.id)
    await bench.cancel(job.id)
    assert len(await live(bench)) == 10
    child = await done(bench, await bench.intake.retry(bench.caller, job.id))
    assert await bench.codes(child.id) == {"imported": 25}
    assert await live(bench) == [f"Line {number}" for number in range(35)]


async def test_an_undo_deletes_what_has_not_changed_and_the_file_can_be_sent_again(bench: Workbench) -> None:
    job = await imported(bench, lines(15))
    await bench.execute("update tickets set version = 2 where external_id = '3'")
    undo = await undone(bench, job)
    assert await bench.codes(undo.id) == {"undone": 14, "conflict": 1}
    assert await live(bench) == ["Line 3"]
    [[is_of_now]] = await rows(
        bench, "select bool_and(deleted_at > (select max(at) from job_items where code = 'imported')) from tickets"
    )
    assert is_of_now
    again = await imported(bench, lines(15))
    assert await bench.codes(again.id) == {"imported": 14, "duplicate": 1}
    redone = await undone(bench, undo)
    assert await bench.codes(redone.id) == {"error": 14}  # others have their external ids now


async def test_an_undo_of_an_undo_brings_them_back(bench: Workbench) -> None:
    job = await imported(bench, lines(15))
    redone = await undone(bench, await undone(bench, job))
    assert await bench.codes(redone.id) == {"undone": 15}
    assert len(await live(bench)) == 15


async def test_a_preview_says_what_would_become_of_the_lines(bench: Workbench) -> None:
    await imported(bench, lines(2))
    posted = await request(bench, lines(5) + ",faulty\nTwice,4\n")
    preview = await bench.intake.preview(bench.people.admin, posted)
    assert (preview.total, preview.by_status, preview.sample) == (7, {"open": 6}, [])
    assert (preview.would_fail, preview.undo_days) == ({"duplicate": 3, "invalid": 1}, 30)


async def test_it_is_held_against_the_expected_count(bench: Workbench) -> None:
    posted = await request(bench, lines(5), expected_count=5)
    assert (await done(bench, await bench.post(posted))).succeeded == 5


async def test_an_import_that_never_ended_cannot_be_run(bench: Workbench) -> None:
    [[import_id]] = await rows(bench, "select uuidv7()")
    await bench.execute(
        "insert into imports (id, created_by) values (:id, :by)", id=import_id, by=bench.people.admin.id
    )
    with pytest.raises(InvalidRequest):
        await bench.post(BulkImport(payload=BulkImportPayload(import_id=import_id)))


async def test_one_without_rows_is_complete(bench: Workbench) -> None:
    job = await imported(bench, "title\n")
    assert (job.status, job.total) == (Status.COMPLETED, 0)


async def test_deleted_tickets_leave_their_external_ids_to_others(bench: Workbench) -> None:
    await imported(bench, lines(3))
    ids: list[UUID] = [row[0] for row in await rows(bench, "select id from tickets order by number")]
    await done(bench, await bench.post(BulkDelete(payload=Targets(ticket_ids=ids))))
    await imported(bench, lines(1))
    restored = await done(bench, await bench.post(BulkRestore(payload=Targets(ticket_ids=ids))))
    assert await bench.codes(restored.id) == {"error": 1, "restored": 2}
