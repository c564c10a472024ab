"""The API as a client sees it."""

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import aiohttp

from app.cli.errors import CliError

Json = dict[str, Any]


class Answer(NamedTuple):
    status: int
    body: Json
    headers: Mapping[str, str]


class Posted(NamedTuple):
    status: int
    job: Json
    is_replay: bool
    seconds: float


class Api:
    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def log_in(self, username: str, password: str) -> str:
        """Return the token, which all later requests carry."""
        answer = await self.request("POST", "/api/login", json={"username": username, "password": password})
        token = str(answer.body["access_token"])
        self._session.headers["Authorization"] = f"Bearer {token}"
        return token

    async def bulk_delete(self, ticket_ids: Sequence[UUID], idempotency_key: str) -> Posted:
        body = {"type": "bulk-delete", "payload": {"ticketIds": [str(id_) for id_ in ticket_ids]}}
        asked = time.perf_counter()
        answer = await self.request("POST", "/api/jobs", json=body, headers={"Idempotency-Key": idempotency_key})
        seconds = time.perf_counter() - asked
        return Posted(answer.status, answer.body, answer.headers.get("Idempotency-Replayed") == "true", seconds)

    async def failed_items(self, job_id: str) -> list[Json]:
        """Return them all, page by page."""
        items: list[Json] = []
        query = {"result": "failed", "limit": "100"}
        while True:
            page = (await self.request("GET", f"/api/jobs/{job_id}/items", params=query)).body
            items += page["items"]
            if page["nextCursor"] is None:
                return items
            query["cursor"] = page["nextCursor"]

    async def request(self, method: str, path: str, **how: Any) -> Answer:
        """Raise `CliError` for an answer that is not a success."""
        async with self._session.request(method, path, **how) as answer:
            body = await answer.read()
            if not answer.ok:
                raise CliError(f"{method} {path} answered {answer.status}: {body.decode(errors='replace')}")
            return Answer(answer.status, json.loads(body) if body else {}, answer.headers)
