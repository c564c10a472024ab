"""What a browser does with a session, and what is left of it in the database."""

from http.cookies import Morsel, SimpleCookie

import httpx

from tests.support.people import PASSWORD
from tests.support.workbench import Workbench

REFRESH = "/api/session/refresh"
REMOVED = {"path": REFRESH, "max-age": "0", "httponly": True, "samesite": "Strict"}


async def log_in(
    client: httpx.AsyncClient, username: str = "agent", password: str = PASSWORD, **headers: str
) -> httpx.Response:
    body = {"username": username, "password": password}
    return await client.post("/api/session", json=body, headers=named(headers))


async def refresh(client: httpx.AsyncClient, token: str, **headers: str) -> httpx.Response:
    client.cookies.clear()  # what is sent is what the test says
    return await client.post(REFRESH, headers={"Cookie": f"refresh={token}", **named(headers)})


async def log_out(client: httpx.AsyncClient, answer: httpx.Response) -> httpx.Response:
    return await client.delete("/api/session", headers=bearer(answer))


def named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def bearer(answer: httpx.Response) -> dict[str, str]:
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def cookie_of(answer: httpx.Response) -> "Morsel[str]":
    """Return the one cookie that an answer sets."""
    [header] = answer.headers.get_list("set-cookie")
    [morsel] = SimpleCookie(header).values()
    assert morsel.key == "refresh"
    return morsel


def attributes(answer: httpx.Response) -> dict[str, object]:
    return {name: value for name, value in cookie_of(answer).items() if value}


def is_over(answer: httpx.Response) -> bool:
    """Whether a refresh was refused, and the cookie taken away."""
    if answer.status_code == 200:
        return False
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
    assert attributes(answer) == REMOVED
    return True


async def audited(bench: Workbench) -> list[tuple[object, ...]]:
    rows = "select action, actor_id, subject_id, details ->> 'session' from audit_log order by id"
    async with bench.engine.connect() as connection:
        return [tuple(row) for row in await connection.exec_driver_sql(rows)]


async def stored(bench: Workbench) -> list[tuple[object, ...]]:
    async with bench.engine.connect() as connection:
        rows = await connection.exec_driver_sql("select id, user_id, secret_hash from sessions order by id")
        return [tuple(row) for row in rows]


async def age(bench: Workbench, days: float) -> None:
    await bench.execute(
        "update sessions set created_at = created_at - :days * interval '1 day',"
        " expires_at = expires_at - :days * interval '1 day'",
        days=days,
    )
