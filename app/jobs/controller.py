import re
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody, QueryParameter

from app.accounts.models import User
from app.errors import (
    BodyTooLarge,
    IdempotencyKeyReused,
    InvalidRequest,
    JobNotCancelable,
    NotFound,
    TooManyTargets,
)
from app.jobs.models import Item, Job, Result
from app.jobs.operations.registry import AnyJobRequest
from app.jobs.schemas import ItemPage, ItemResponse, JobDetail, JobPage, JobResponse
from app.jobs.service import Jobs
from app.jobs.status import Status
from app.openapi import protected
from app.paging import DEFAULT_LIMIT, Cursors, PageLimit, PageNumber, Pagination
from app.text import PLAIN_TEXT

FIRST_ITEMS = 20
POLL_AFTER_SECONDS = 1

Requesting = Request[User, Any, Any]
CursorSigner = NamedDependency[Cursors]
JobsService = NamedDependency[Jobs]
IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(name="Idempotency-Key", description="1 to 255 visible ASCII characters; the same key, one job"),
]
TypeFilter = Annotated[str | None, QueryParameter(name="type", max_length=64, pattern=PLAIN_TEXT)]
CodeFilter = Annotated[str | None, QueryParameter(max_length=32, pattern=PLAIN_TEXT)]
Cursor = Annotated[str | None, QueryParameter(max_length=100, description="nextCursor of the page before")]


class JobController(Controller):
    path = "/api/jobs"
    tags = ("jobs",)

    @post(status_code=HTTPStatus.ACCEPTED, responses=protected(BodyTooLarge, TooManyTargets, IdempotencyKeyReused))
    async def submit_job(
        self,
        request: Requesting,
        jobs: JobsService,
        data: JSONBody[AnyJobRequest],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[JobResponse]:
        """Store a bulk job and answer at once; workers do it in the background."""
        submitted = await jobs.submit(request.user, data, checked_key(idempotency_key))
        headers = {"Location": f"/api/jobs/{submitted.job.id}", "Retry-After": str(POLL_AFTER_SECONDS)}
        if submitted.is_replay:
            return _accepted(submitted.job, headers | {"Idempotency-Replayed": "true"})
        # In the background means after the answer: no ticket changes before its admin knows of the job.
        return _accepted(submitted.job, headers, BackgroundTask(jobs.launch, submitted.job))

    @get(responses=protected())
    async def list_jobs(
        self,
        request: Requesting,
        jobs: JobsService,
        page: PageNumber = 1,
        limit: PageLimit = DEFAULT_LIMIT,
        job_type: TypeFilter = None,
        status: FromQuery[Status | None] = None,
    ) -> JobPage:
        """List jobs, newest first. Admins see all, others their own."""
        found, total = await jobs.page(request.user, page=page, limit=limit, type_=job_type, status=status)
        return JobPage([JobResponse.of(job) for job in found], Pagination.of(page, limit, total))

    @get("/{job_id:str}", responses=protected(NotFound))
    async def read_job(self, request: Requesting, jobs: JobsService, job_id: FromPath[UUID]) -> JobDetail:
        job = await jobs.get(request.user, job_id)
        return JobDetail.with_items(job, await jobs.items(job_id, limit=FIRST_ITEMS))

    @get("/{job_id:str}/items", responses=protected(NotFound))
    async def list_items(
        self,
        request: Requesting,
        jobs: JobsService,
        cursors: CursorSigner,
        job_id: FromPath[UUID],
        result: FromQuery[Result | None] = None,
        code: CodeFilter = None,
        cursor: Cursor = None,
        limit: PageLimit = DEFAULT_LIMIT,
    ) -> ItemPage:
        """List what became of each item, in order of position."""
        scope = [job_id, result, code]
        after = cursors.read(cursor, scope) if cursor is not None else -1
        job = await jobs.get(request.user, job_id)
        found = await jobs.items(job_id, result=result, code=code, after=after, limit=limit + 1)
        page, is_more = found[:limit], len(found) > limit
        next_cursor = cursors.write(_last(page), scope) if is_more else None
        return ItemPage([ItemResponse.of(item, job.type) for item in page], next_cursor)

    @post("/{job_id:str}/cancel", status_code=HTTPStatus.OK, responses=protected(NotFound, JobNotCancelable))
    async def cancel_job(self, jobs: JobsService, job_id: FromPath[UUID]) -> JobResponse:
        """Stop a job for good: once this is answered nothing more changes. Canceling it again changes nothing."""
        return JobResponse.of(await jobs.cancel(job_id))


def checked_key(key: str | None) -> str | None:
    """Raise `InvalidRequest` unless `key` has 1 to 255 visible ASCII characters."""
    if key is not None and not re.fullmatch(r"[\x21-\x7e]{1,255}", key):
        raise InvalidRequest.at("header.Idempotency-Key", "Send 1 to 255 visible ASCII characters")
    return key


def _accepted(job: Job, headers: dict[str, str], background: BackgroundTask | None = None) -> Response[JobResponse]:
    return Response(JobResponse.of(job), status_code=HTTPStatus.ACCEPTED, headers=headers, background=background)


def _last(page: list[Item]) -> int:
    return page[-1].position
