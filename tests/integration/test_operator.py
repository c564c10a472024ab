"""What the operator does to users, by commands: audited and ended as when an admin does it."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.accounts.models import User
from app.settings import Settings
from tests.support.browsers import cookie_of, is_over, log_in, refresh
from tests.support.people import PASSWORD, People
from tests.support.servers import REPOSITORY
from tests.support.workbench import Workbench

NEW_PASSWORD = "another one of 1000 trees"


class Operator:
    """Runs `user` commands on this test's database."""

    def __init__(self, settings: Settings, local_dir: Path) -> None:
        servers = {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url}
        self._environ = os.environ | servers | {"LOCAL_DIR": str(local_dir), "APP_ENV": "", "JWT_SECRET": ""}

    async def run(self, *words: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
        return await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "app.cli", "user", *words],
            cwd=REPOSITORY,
            env=self._environ,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )

    async def told(self, *words: str, typed: str = "") -> dict[str, Any]:
        done = await self.run(*words, "--json", typed=typed)
        assert (done.returncode, done.stderr) == (0, "")
        return dict(json.loads(done.stdout))

    async def refused(self, *words: str, typed: str = "") -> str:
        done = await self.run(*words, "--json", typed=typed)
        assert (done.returncode, done.stdout) == (1, "")
        [line] = done.stderr.splitlines()
        return line.removeprefix("bulkhead: ")


@pytest.fixture
def operator(settings: Settings, people: People, tmp_path: Path) -> Operator:
    return Operator(settings, tmp_path)


async def audited_of(bench: Workbench, user: User) -> list[tuple[Any, ...]]:
    """What became of a user, but for logins."""
    statement = text(
        "select action, actor_id, address, details - 'session' from audit_log"
        " where subject_id = :id and action not in ('session.started', 'login.failed') order by id"
    )
    async with bench.engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(statement, {"id": user.id})]


async def let_in(client: httpx.AsyncClient, username: str, password: str) -> bool:
    answer = await client.post("/api/login", json={"username": username, "password": password})
    return answer.status_code == 200


async def test_a_disabled_user_is_out_at_once_and_an_enabled_one_may_come_back(
    operator: Operator, stranger: httpx.AsyncClient, bench: Workbench
) -> None:
    agent, session = bench.people.agent, await log_in(stranger)
    told = await operator.told("disable", "AGENT@example.com")
    assert (told["changed"], told["user"]["active"], told["user"]["id"]) == (True, False, str(agent.id))
    assert is_over(await refresh(stranger, cookie_of(session).value))
    assert not await let_in(stranger, "agent", PASSWORD)
    assert (await operator.told("disable", "agent"))["changed"] is False

    assert "disabled: ./manage.sh user enable agent" in await operator.refused("password", "agent", typed=NEW_PASSWORD)
    assert (await operator.told("enable", "agent"))["changed"] is True
    assert await let_in(stranger, "agent", PASSWORD)
    assert await audited_of(bench, agent) == [
        ("session.ended", None, "manage.sh", {}),
        ("user.changed", None, "manage.sh", {"active": [True, False]}),
        ("user.changed", None, "manage.sh", {"active": [False, True]}),
    ]


async def test_another_role_and_another_password_end_all_sessions(
    operator: Operator, stranger: httpx.AsyncClient, bench: Workbench
) -> None:
    first = await log_in(stranger)
    assert (await operator.told("role", "agent", "requester"))["user"]["role"] == "requester"
    assert is_over(await refresh(stranger, cookie_of(first).value))

    second = await log_in(stranger)
    await operator.told("password", "agent", typed=f"{NEW_PASSWORD}\n")
    assert is_over(await refresh(stranger, cookie_of(second).value))
    told = [await let_in(stranger, "agent", password) for password in (PASSWORD, NEW_PASSWORD)]
    assert told == [False, True]
    assert [entry[0] for entry in await audited_of(bench, bench.people.agent)] == [
        "session.ended",
        "user.changed",
        "session.ended",
        "password.changed",
    ]


async def test_a_random_password_is_printed_once_and_lets_in(operator: Operator, stranger: httpx.AsyncClient) -> None:
    changed = await operator.told("password", "agent", "--random")
    assert await let_in(stranger, "agent", changed["password"])
    added = await operator.told("create", "ada", "--email", "ada@example.com", "--role", "admin", "--random")
    assert await let_in(stranger, "ada@example.com", added["password"])


async def test_the_last_active_admin_stays_one(operator: Operator) -> None:
    await operator.told("disable", "other_admin")
    for words in (("disable", "admin"), ("role", "admin", "agent")):
        assert await operator.refused(*words) == "This is the last active admin: make another one first."
    [admin] = (await operator.told("list", "--role", "admin"))["users"][:1]
    assert (admin["username"], admin["active"]) == ("admin", True)


async def test_all_users_are_listed_however_many(operator: Operator, bench: Workbench) -> None:
    await bench.execute(
        "insert into users (username, email, password_hash, role)"
        " select 'user ' || n, n || '@example.com', '', 'requester' from generate_series(1, 205) n"
    )
    users = (await operator.told("list"))["users"]
    names = [user["username"] for user in users]
    assert len(set(names)) == len(names) == 210
    assert names == sorted(names, key=str.lower)
    table = (await operator.run("list", "--role", "agent")).stdout.splitlines()
    assert [line.split() for line in table] == [
        ["NAME", "ROLE", "STATE", "E-MAIL"],
        ["agent", "agent", "active", "agent@example.com"],
    ]


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (("disable", "nobody"), "", "there is no user 'nobody': ./manage.sh user list shows all"),
        (("password", "agent"), "short\n", "a password has 12 to 1024 characters"),
        (("password", "nobody"), NEW_PASSWORD, "there is no user 'nobody': ./manage.sh user list shows all"),
        (("role", "nobody", "agent"), "", "there is no user 'nobody': ./manage.sh user list shows all"),
    ],
)
async def test_what_cannot_be_done_is_one_line(
    operator: Operator, words: tuple[str, ...], typed: str, said: str
) -> None:
    assert await operator.refused(*words, typed=typed) == said
