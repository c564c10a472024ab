"""`./manage.sh jobs ...`, each as a process, against an API and a worker that these tests share."""

import asyncio
import json
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import pytest

from app.accounts import tokens
from tests.e2e import shared_system
from tests.e2e.shared_system import SharedSystem
from tests.support.lending import a_database
from tests.support.programs import Process
from tests.support.servers import REPOSITORY, Servers, settings_for
from tests.support.waiting import until

COMMAND_SECONDS = 60
NOBODY = "01a1fb9f-7c1e-7d2a-9b4f-2f6f0a5c8e11"
MAX_TARGETS = 250


@pytest.fixture(scope="module")
async def shared(
    servers: Servers, template: str, password_hash: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[SharedSystem]:
    folder = tmp_path_factory.mktemp("shared")
    async with a_database(servers, template) as lent:
        settings = settings_for(lent.url, servers.redis_url)
        async with shared_system.opened(settings, password_hash, folder, MAX_TARGETS=str(MAX_TARGETS)) as opened:
            yield opened


class Done(NamedTuple):
    code: int
    said: str

    @property
    def lines(self) -> list[str]:
        return self.said.splitlines()

    @property
    def json(self) -> Any:
        assert self.code == 0, self.said
        return json.loads(self.said)

    @property
    def refusal(self) -> str:
        assert self.code == 1
        [line] = self.lines
        return line.removeprefix("bulkhead: ")


class Jobs:
    """The commands, in the environment of the shared system."""

    def __init__(self, shared: SharedSystem, folder: Path) -> None:
        self._system = shared.system
        self._environ = {"LOCAL_DIR": str(folder), "BULKHEAD_URL": "", "BULKHEAD_TOKEN": "", "COLUMNS": "200"}

    async def __call__(self, *words: object, **environ: str) -> Done:
        return await self.end_of(self.start(*words, **environ))

    def start(self, *words: object, **environ: str) -> Process:
        return self._system.start("app.cli", "jobs", *map(str, words), **self._environ | environ)

    async def end_of(self, process: Process) -> Done:
        code = await asyncio.to_thread(process.wait, COMMAND_SECONDS)
        return Done(code, self._system.log(process))

    def said(self, process: Process) -> str:
        return self._system.log(process)

    async def piped(self, text: str, *words: str) -> Done:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "app.cli", "jobs", *words),
            cwd=REPOSITORY,
            env=self._system.environ | self._environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        async with asyncio.timeout(COMMAND_SECONDS):
            said, _ = await process.communicate(text.encode())
        assert process.returncode is not None
        return Done(process.returncode, said.decode())


@pytest.fixture
def jobs(shared: SharedSystem, tmp_path: Path) -> Jobs:
    return Jobs(shared, tmp_path)


def written(file: Path, ids: list[UUID]) -> Path:
    file.write_text("".join(f"{id_}\n" for id_ in ids))
    return file


async def test_more_ids_than_a_job_may_have_are_piped_in_and_become_several_jobs_with_one_bar(
    shared: SharedSystem, jobs: Jobs
) -> None:
    _, ids = await shared.tickets(2 * MAX_TARGETS)
    typed = "\n".join(map(str, [*ids, ids[0], uuid4()]))
    done = await jobs.piped(typed, "submit", "bulk-delete", "--ids-file", "-", "--reason", "Spam")
    assert done.code == 0, done.said
    repeated, *posted = done.lines[:4]
    assert repeated == "1 ids came more than once, and count once."
    job_ids = [line.removeprefix("Posted: bulk-delete ") for line in posted]
    assert done.lines[-4].startswith("3 jobs, 3 ended 100 %  501 of 501, 1 failed")
    assert done.lines[-3:] == [
        f"bulk-delete {job_ids[0]} completed: 250 succeeded, 0 failed",
        f"bulk-delete {job_ids[1]} completed: 250 succeeded, 0 failed",
        f"bulk-delete {job_ids[2]} completed: 0 succeeded, 1 failed; ./manage.sh jobs show {job_ids[2]} says why",
    ]
    shown = await jobs("show", job_ids[2])
    assert "        1  not_found          There is no ticket with this id." in shown.lines
    assert [f"{name:11} {value}" in shown.lines for name, value in (("Reason", "Spam"), ("Job", job_ids[2]))] == [
        True
    ] * 2
    assert any(re.fullmatch(r"Posted      \d{4}-\d\d-\d\d \d\d:\d\d:\d\d", line) for line in shown.lines)


async def test_the_same_command_posts_nothing_twice_where_that_is_wanted(
    shared: SharedSystem, jobs: Jobs, tmp_path: Path
) -> None:
    _, ids = await shared.tickets(3)
    file, turned = written(tmp_path / "ids", ids), written(tmp_path / "turned", ids[::-1])
    command = ("submit", "bulk-delete", "--detach", "--json", "--ids-file")
    asked = ([file, "--once"], [turned, "--once"], [file, "--once", "--reason", "Spam"], [file], [file])
    once, again, other, plain, repeated = [
        found.json["jobs"][0]["id"] for found in await asyncio.gather(*(jobs(*command, *words) for words in asked))
    ]
    assert once == again
    assert len({once, other, plain, repeated}) == 4
    key = ("--key", uuid4().hex)
    named, named_again = [(await jobs(*command, file, *key)).json["jobs"][0]["id"] for _ in range(2)]
    assert named == named_again


async def test_what_a_filter_matches_is_previewed_and_then_posted_and_watched(shared: SharedSystem, jobs: Jobs) -> None:
    tag, _ = await shared.tickets(120)
    command = ("submit", "bulk-update", "--filter", f"status=open,pending,tag={tag}", "--set", "status=resolved")
    preview = await jobs(*command, "--set", "addTags=stale,old", "--dry-run")
    assert preview.lines[0] == "bulk-update would have 120 tickets in 1 job."
    assert preview.lines[-1] == "      120  status: open"
    assert (await jobs(*command, "--dry-run", "--json")).json["byStatus"] == {"open": 120}
    assert "count_changed" not in (refused := (await jobs(*command, "--expect", 7)).refusal)
    assert "120 targets, not 7" in refused
    bar = await jobs(*command, "--set", "addTags=stale,old", "--expect", 120, FORCE_COLOR="1", TERM="xterm-256color")
    assert "120 of 120" in bar.said
    assert (bar.code, "\x1b[" in bar.said) == (0, True)
    [(tags,)] = await shared.rows("select distinct tags from tickets where :tag = any(tags)", tag=tag)
    assert set(tags) == {tag, "stale", "old"}


async def test_a_job_by_the_fields_of_a_type_leaves_tickets_out_and_begins_when_it_is_told_to(
    shared: SharedSystem, jobs: Jobs, tmp_path: Path
) -> None:
    tag, ids = await shared.tickets(3)
    cable = {"cableType": "Cat6", "quantity": 3}
    typed = "update tickets set type = 'cable', fields = cast(:fields as jsonb) where id = any(:ids)"
    await shared.execute(typed, ids=ids[:2], fields=json.dumps(cable))
    filtered = ("--filter", f"tag={tag},fields.cableType=Cat6,fields.quantity=3")
    command = ("submit", "bulk-delete", *filtered, "--exclude-file", written(tmp_path / "ids", ids[:1]))
    assert (await jobs(*command, "--dry-run", "--json")).json["sample"][0]["id"] == str(ids[1])
    at = (datetime.now(UTC) + timedelta(hours=1)).replace(microsecond=0)
    [job] = (await jobs(*command, "--run-at", at.isoformat(), "--detach", "--json")).json["jobs"]
    assert (job["status"], datetime.fromisoformat(job["runAt"])) == ("queued", at)
    assert job["params"] == {"filter": {"tags": tag, "fields": cable}, "excluded": 1}
    await jobs("cancel", job["id"])


async def test_a_watch_tells_each_step_once_and_exits_as_its_job_does(shared: SharedSystem, jobs: Jobs) -> None:
    _, ids = await shared.tickets(200)
    job = await shared.post("bulk-delete", {"ticketIds": list(map(str, ids))}, maxItemsPerSecond=1)
    watching, lines = jobs.start("watch", job["id"]), jobs.start("watch", job["id"], "--json")
    left = jobs.start("watch", job["id"])
    await until(lambda: all("running" in jobs.said(each) for each in (watching, lines, left)), seconds=COMMAND_SECONDS)
    left.send_signal(signal.SIGINT)
    assert (await jobs.end_of(left)).code == 130
    assert (await jobs("pause", job["id"])).said.startswith(f"Job {job['id']} is paused: nothing more changes")
    assert (await jobs("resume", job["id"], "--json")).json["status"] == "running"
    assert (await jobs("retry", job["id"])).refusal.startswith("only what has ended can be tried again; ")
    assert (await jobs("cancel", job["id"])).said.startswith(f"Job {job['id']} is canceled, with ")
    assert [(await jobs.end_of(each)).code for each in (watching, lines)] == [4, 4]
    updates = [json.loads(line) for line in jobs.said(lines).splitlines()]
    seqs = [update["seq"] for update in updates]
    assert seqs == sorted(set(seqs))
    assert [update["status"] for update in updates].count("canceled") == 1
    retried = (await jobs("retry", job["id"], "--detach", "--json")).json["jobs"][0]
    assert retried["parentJobId"] == job["id"]
    assert f"(./manage.sh jobs show {retried['id']})" in (await jobs("retry", job["id"])).refusal
    assert (await jobs("cancel", retried["id"], "--json")).json["status"] == "canceled"


async def test_a_job_is_undone_and_both_are_listed(shared: SharedSystem, jobs: Jobs) -> None:
    _, ids = await shared.tickets(3)
    job = await shared.run("bulk-delete", {"ticketIds": list(map(str, ids))})
    undone = await jobs("undo", job["id"])
    assert undone.code == 0
    listed = (await jobs("list", "--status", "completed", "--limit", 2, "--json")).json["jobs"]
    assert [(each["type"], each["succeeded"]) for each in listed] == [("bulk-undo", 3), ("bulk-delete", 3)]
    table = (await jobs("list", "--type", "bulk-undo", "--limit", 1)).lines
    assert [row.split()[:3] for row in table] == [["ID", "TYPE", "STATUS"], [listed[0]["id"], "bulk-undo", "completed"]]
    assert (await jobs("list", "--type", "bulk-nothing")).said == "There are no such jobs.\n"
    assert "(it is completed)" in (await jobs("pause", job["id"])).refusal


async def test_a_system_elsewhere_is_one_of_an_address_and_a_token(shared: SharedSystem, jobs: Jobs) -> None:
    token = tokens.issue(shared.people.agent.id, shared.system.environ["JWT_SECRET"], 60)
    there = {"BULKHEAD_URL": shared.system.url, "BULKHEAD_TOKEN": token, "DATABASE_URL": "", "JWT_SECRET": ""}
    assert (await jobs("list", "--json", **there)).json["jobs"] == []  # an agent has none
    assert "--as is for the system here" in (await jobs("list", "--as", "admin", **there)).refusal
    assert "set both" in (await jobs("list", BULKHEAD_TOKEN=token)).refusal
    assert "BULKHEAD_TOKEN has expired" in (await jobs("list", **there | {"BULKHEAD_TOKEN": "old"})).refusal
    refused = (await jobs("list", **there | {"BULKHEAD_URL": "http://127.0.0.1:1"})).refusal
    assert refused == "the API does not answer at http://127.0.0.1:1; is BULKHEAD_URL right?"


@pytest.mark.parametrize(
    ("words", "environ", "said"),
    [
        (["show", NOBODY], {}, "there is no such job; ./manage.sh jobs list shows those there are"),
        (["watch", NOBODY], {}, "there is no such job; ./manage.sh jobs list shows those there are"),
        (["list"], {"PORT": "1"}, "the API does not answer at http://127.0.0.1:1; ./manage.sh up starts it"),
        (["list"], {"JWT_SECRET": "x" * 32}, "the API was started with another JWT_SECRET"),
        (["list", "--as", "agent"], {}, "there is no active admin called agent"),
        (["submit", "bulk-delete"], {}, "say which tickets: --ids-file F, --filter"),
        (["submit", "bulk-delete", "--filter", "statu=open"], {}, "$.payload.filter: Object contains unknown field"),
        (
            ["submit", "bulk-x", "--all"],
            {},
            "$.type: There is no such value: 'bulk-x' (./manage.sh help jobs submit names",
        ),
        (["submit", "bulk-delete", "--all", "--run-at", "2020-01-01"], {}, "$.runAt: This time has passed"),
        (["submit", "bulk-delete", "--ids-file", "/dev/null", "--exclude-file", "F"], {}, "--exclude-file goes with"),
        (["submit", "bulk-delete", "--ids-file", "none.csv"], {}, "No such file or directory: none.csv"),
        (["submit", "bulk-delete", "--ids-file", "/dev/null"], {}, "/dev/null names no tickets"),
    ],
)
async def test_a_refusal_is_one_line_that_says_what_to_do(
    jobs: Jobs, words: list[str], environ: dict[str, str], said: str
) -> None:
    assert said in (await jobs(*words, **environ)).refusal


async def test_an_id_that_is_none_is_bad_usage(jobs: Jobs) -> None:
    done = await jobs("pause", "abc")
    assert (done.code, "'abc' is no id of a job; ./manage.sh jobs list shows them" in done.said) == (2, True)
