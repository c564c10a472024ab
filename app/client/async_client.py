from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self
from uuid import UUID, uuid4

import msgspec

from . import files, models, parts, watching
from .errors import Refused
from .files import Format
from .models import Item, Job, JobRequest, Preview, Result, Status, Submitted, Summary, Update, User
from .transport import Transport

if TYPE_CHECKING:
    from pandas import DataFrame

PATIENCE_SECONDS: Final = 30.0
PAGE: Final = 100
JSON: Final = {"Content-Type": "application/json"}

Id = UUID | str


class AsyncClient:
    """Speaks to one Bulkhead, for one user.

    What does not come through, or is answered with 429 or 503, is asked again for as long as `patience_seconds` last,
    and in such a way that nothing happens twice.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str | Callable[[], str] | None = None,
        username: str | None = None,
        password: str | None = None,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        """Take a token, or a function that gives one whenever the last has expired; or a name and a password.

        Nothing is asked yet: who logs in with a password does so with the first request, and again when that expires.
        """
        self._transport = Transport(
            url, token=token, username=username, password=password, patience_seconds=patience_seconds
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._transport.close()

    async def me(self, *, patience_seconds: float | None = None) -> User:
        """Return whom this client speaks for; without patience it is a quick test of whether all is well."""
        answer = await self._transport.ask("GET", "/api/me", patience_seconds=patience_seconds)
        return models.read(answer.content, User)

    async def token(self) -> str:
        """Return the token in use, for what this client does not do itself."""
        return await self._transport.token()

    async def submit(self, request: JobRequest, *, key: str | None = None) -> Submitted:
        """Store a job, once, however often the request has to be made.

        key: an idempotency key of one's own. With the same one the same request of the same user again, within a day,
            answers with the same job. Without one each call makes a job.
        """
        headers = JSON | {"Idempotency-Key": key or str(uuid4())}
        answer = await self._transport.ask("POST", "/api/jobs", content=msgspec.json.encode(request), headers=headers)
        return Submitted(models.read(answer.content, Job), answer.headers.get("Idempotency-Replayed") == "true")

    async def submit_parts(
        self, request: JobRequest, ticket_ids: Iterable[Id], *, key: str | None = None
    ) -> AsyncGenerator[Submitted, None]:
        """Store as many jobs as it takes for more tickets than one job may have, and yield each.

        The key of the first is `key`-1, that of the next `key`-2: after a failure the same call goes on where it ended.
        """
        base = key or str(uuid4())

        def submit(part: JobRequest, number: int) -> Awaitable[Submitted]:
            return self.submit(part, key=f"{base}-{number}")

        async with aclosing(parts.each(request, list(ticket_ids), submit)) as all_submitted:
            async for submitted in all_submitted:
                yield submitted

    async def preview(self, request: JobRequest) -> Preview:
        """Say what a job would do; nothing is changed or stored."""
        body = msgspec.json.encode(request)
        answer = await self._transport.ask("POST", "/api/jobs/preview", content=body, headers=JSON)
        return models.read(answer.content, Preview)

    async def preview_parts(self, request: JobRequest, ticket_ids: Iterable[Id]) -> AsyncGenerator[Preview, None]:
        """Yield what each of the jobs would do that `submit_parts` would make."""

        def preview(part: JobRequest, _: int) -> Awaitable[Preview]:
            return self.preview(part)

        async with aclosing(parts.each(request, list(ticket_ids), preview)) as previews:
            async for each in previews:
                yield each

    async def jobs(self, *, status: Iterable[Status] = (), type: str | None = None) -> AsyncGenerator[Job, None]:  # noqa: A002
        """Yield all jobs that one may see, newest first."""
        query = _without_none(status=list(status) or None, type=type)
        async for content in self._pages("/api/jobs", query):
            page = models.read(content, models.JobPage)
            for job in page.jobs:
                yield job

    async def job(self, job_id: Id) -> Job:
        return models.read((await self._transport.ask("GET", f"/api/jobs/{job_id}")).content, Job)

    async def summary(self, job_id: Id) -> Summary:
        return models.read((await self._transport.ask("GET", f"/api/jobs/{job_id}/summary")).content, Summary)

    async def items(
        self, job_id: Id, *, result: Result | None = None, code: str | None = None
    ) -> AsyncGenerator[Item, None]:
        """Yield what became of each ticket, in order of position."""
        async for content in self._pages(f"/api/jobs/{job_id}/items", _without_none(result=result, code=code)):
            page = models.read(content, models.ItemPage)
            for item in page.items:
                yield item

    async def export(
        self,
        job_id: Id,
        path: Path | str,
        *,
        format: Format | None = None,  # noqa: A002 - as the API calls it
        result: Result | None = None,
        code: str | None = None,
    ) -> Path:
        """Write what became of each ticket to a file, which is there when it is whole.

        format: csv or ndjson; unless given, what the file's name ends with.
        """
        file = Path(path)
        query = _without_none(format=format or files.format_of(file), result=result, code=code)
        return await files.download(self._transport, f"/api/jobs/{job_id}/items/export", query, file)

    async def dataframe(self, job_id: Id, *, result: Result | None = None, code: str | None = None) -> "DataFrame":
        """Return what became of each ticket as a table of pandas, which has to be installed."""
        query = _without_none(format="ndjson", result=result, code=code)
        return await files.dataframe(self._transport, f"/api/jobs/{job_id}/items/export", query)

    async def watch(self, *job_ids: Id) -> AsyncGenerator[Update, None]:
        """Yield where jobs stand, whenever that changes, until each of them has ended.

        What is yielded of a job is newer each time, and the last tells its end, once. Where the connection breaks, it
        is made again, and what was missed is in the first update after that; without sockets the API is asked instead.

        Raises:
            Refused: there is no such job, or it is not for this user to see.
            Unreachable: the API was away for longer than this client's patience.
        """
        ids = [UUID(str(job_id)) for job_id in job_ids]
        async with aclosing(watching.follow(self._transport, self.job, ids)) as updates:
            async for update in updates:
                yield update

    async def wait(self, job_id: Id) -> Job:
        """Return a job when it has ended."""
        async with aclosing(self.watch(job_id)) as updates:
            async for _ in updates:
                pass
        return await self.job(job_id)

    async def pause(self, job_id: Id) -> Job:
        return await self._move(job_id, "pause", into="paused")

    async def resume(self, job_id: Id) -> Job:
        return await self._move(job_id, "resume", into="running")

    async def cancel(self, job_id: Id) -> Job:
        return await self._move(job_id, "cancel", into="canceled")

    async def retry(self, job_id: Id) -> Job:
        """Return a new job of what failed and may succeed now, and of what was left."""
        return await self._derive(job_id, "retry", taken="already_retried")

    async def undo(self, job_id: Id) -> Job:
        """Return a new job that restores what this one changed."""
        return await self._derive(job_id, "undo", taken="already_undone")

    async def delete_ticket(self, ticket_id: Id) -> None:
        await self._transport.ask("DELETE", f"/api/tickets/{ticket_id}")

    async def _move(self, job_id: Id, verb: str, *, into: Status) -> Job:
        try:
            return await self._steer(job_id, verb)
        except Refused as refused:
            if refused.may_have_happened and refused.body.get("state") == into:
                return await self.job(job_id)
            raise

    async def _derive(self, job_id: Id, verb: str, *, taken: str) -> Job:
        try:
            return await self._steer(job_id, verb)
        except Refused as refused:
            if refused.may_have_happened and refused.code == taken:
                return await self.job(refused.body["jobId"])
            raise

    async def _steer(self, job_id: Id, verb: str) -> Job:
        return models.read((await self._transport.ask("POST", f"/api/jobs/{job_id}/{verb}")).content, Job)

    async def _pages(self, path: str, query: dict[str, Any]) -> AsyncGenerator[bytes, None]:
        """Yield the pages of a list, each as it came."""
        wanted = query | {"limit": PAGE}
        while True:
            content = (await self._transport.ask("GET", path, params=wanted)).content
            yield content
            cursor = models.read(content, models.Cursor).next_cursor
            if cursor is None:
                return
            wanted["cursor"] = cursor


def _without_none(**query: Any) -> dict[str, Any]:
    return {name: value for name, value in query.items() if value is not None}
