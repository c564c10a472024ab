import re
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, FromQuery, HeaderParameter, JSONBody, QueryParameter
from litestar.response import Stream

from app.accounts.models import Caller, User
from app.errors import (
    AlreadyRetried,
    AlreadyUndone,
    BodyTooLarge,
    CountChanged,
    IdempotencyKeyReused,
    InvalidRequest,
    JobNotCancelable,
    JobNotEnded,
    JobNotPausable,
    JobNotResumable,
    NotFound,
    NothingToRetry,
    NothingToUndo,
    NotUndoable,
    TooManyJobs,
    TooManyRequests,
    TooManyTargets,
    UndoExpired,
)
from app.jobs import exports
from app.jobs.exports import Format
from app.jobs.intake import Intake
from app.jobs.models import ExportedItem, Item, Job, Page, Result
from app.jobs.operations.registry import AnyJobRequest
from app.jobs.schemas import (
    ItemPage,
    ItemResponse,
    JobDetail,
    JobPage,
    JobResponse,
    PreviewResponse,
    SummaryResponse,
)
from app.jobs.service import Jobs
from app.jobs.status import Status
from app.openapi import protected
from app.paging import DEFAULT_LIMIT, Cursor, Cursors, PageLimit, PageNumber, Pagination, only_one_of
from app.text import PLAIN_TEXT

FIRST_ITEMS = 20
POLL_AFTER_SECONDS = 1

Requesting = Request[User, Any, Any]
Calling = NamedDependency[Caller]
CursorSigner = NamedDependency[Cursors]
IntakeService = NamedDependency[Intake]
JobsService = NamedDependency[Jobs]
IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        description="1 to 255 visible ASCII characters; the same key, one job",
        schema_extra={"pattern": r"^[\x21-\x7e]{1,255}$"},
    ),
]
TypeFilter = Annotated[str | None, QueryParameter(name="type", max_length=64, pattern=PLAIN_TEXT)]
CodeFilter = Annotated[str | None, QueryParameter(max_length=32, pattern=PLAIN_TEXT)]
ExportFormat = Annotated[Format, QueryParameter(name="format")]


class JobController(Controller):
    path = "/api/jobs"
    tags = ("jobs",)

    @post(
        status_code=HTTPStatus.ACCEPTED,
        responses=protected(BodyTooLarge, TooManyTargets, IdempotencyKeyReused, CountChanged, TooManyJobs),
    )
    async def submit_job(
        self,
        caller: Calling,
        intake: IntakeService,
        data: JSONBody[AnyJobRequest],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[JobResponse]:
        """Store a bulk job and answer at once; workers do it in the background."""
        submitted = await intake.submit(caller, data, checked_key(idempotency_key))
        if submitted.is_replay:
            return _accepted(submitted.job, {"Idempotency-Replayed": "true"})
        return _launched(intake, submitted.job)

    @post("/preview", status_code=HTTPStatus.OK, responses=protected(BodyTooLarge, TooManyTargets, TooManyRequests))
    async def preview_job(
        self, request: Requesting, intake: IntakeService, data: JSONBody[AnyJobRequest]
    ) -> PreviewResponse:
        """Say what a job would do if it were posted now; nothing is changed or stored."""
        return PreviewResponse.of(await intake.preview(request.user, data))

    @get(responses=protected())
    async def list_jobs(
        self,
        request: Requesting,
        jobs: JobsService,
        cursors: CursorSigner,
        page: PageNumber = 1,
        limit: PageLimit = DEFAULT_LIMIT,
        job_type: TypeFilter = None,
        status: FromQuery[Status | None] = None,
        cursor: Cursor = None,
    ) -> JobPage:
        """List jobs, newest first, by page or by cursor. Admins see all, others their own."""
        only_one_of(page, cursor)
        scope = ["jobs", job_type, status]
        below_id = UUID(int=cursors.read(cursor, scope)) if cursor is not None else None
        found, counted = await jobs.page(
            request.user,
            limit=limit + 1,
            offset=(page - 1) * limit,
            below_id=below_id,
            type_=job_type,
            status=status,
        )
        shown, is_more = found[:limit], len(found) > limit
        next_cursor = cursors.write(shown[-1].id.int, scope) if is_more else None
        return JobPage([JobResponse.of(job) for job in shown], Pagination.of(page, limit, counted), next_cursor)

    @get("/{job_id:str}", responses=protected(NotFound))
    async def read_job(self, request: Requesting, jobs: JobsService, job_id: FromPath[UUID]) -> JobDetail:
        job = await jobs.get(request.user, job_id)
        return JobDetail.with_items(job, await jobs.items(job, Page(FIRST_ITEMS)))

    @get("/{job_id:str}/summary", responses=protected(NotFound, TooManyRequests))
    async def summarize_job(self, request: Requesting, jobs: JobsService, job_id: FromPath[UUID]) -> SummaryResponse:
        """Count what became of the items, by code."""
        job = await jobs.get(request.user, job_id)
        return SummaryResponse.of(job, await jobs.summary(request.user, job))

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
        found = await jobs.items(job, Page(limit + 1, after, result, code))
        page, is_more = found[:limit], len(found) > limit
        next_cursor = cursors.write(_last(page), scope) if is_more else None
        return ItemPage([ItemResponse.of(item, job.type) for item in page], next_cursor)

    @get(
        "/{job_id:str}/items/export",
        responses=protected(NotFound, TooManyRequests)
        | {
            int(HTTPStatus.OK): ResponseSpec(
                bytes, generate_examples=False, media_type="text/csv", description="The file, line by line"
            )
        },
    )
    async def export_items(
        self,
        request: Requesting,
        jobs: JobsService,
        job_id: FromPath[UUID],
        format_: ExportFormat = "csv",
        result: FromQuery[Result | None] = None,
        code: CodeFilter = None,
    ) -> Stream:
        """Download what became of each item, with its ticket's number and title, in order of position."""
        job = await jobs.get(request.user, job_id)
        pages = await _begun(jobs.export(request.user, job, result, code))
        file_name = f"job-{job_id}.{format_}"
        return Stream(
            exports.write(format_, job.type, pages),
            media_type=exports.MEDIA_TYPES[format_],
            headers={"Content-Disposition": f'attachment; filename="{file_name}"'},
        )

    @post("/{job_id:str}/pause", status_code=HTTPStatus.OK, responses=protected(NotFound, JobNotPausable))
    async def pause_job(self, caller: Calling, jobs: JobsService, job_id: FromPath[UUID]) -> JobResponse:
        """Pause a running job: once this is answered nothing more changes, until it is resumed."""
        return JobResponse.of(await jobs.pause(caller, job_id))

    @post("/{job_id:str}/resume", status_code=HTTPStatus.OK, responses=protected(NotFound, JobNotResumable))
    async def resume_job(self, caller: Calling, jobs: JobsService, job_id: FromPath[UUID]) -> JobResponse:
        """Let a paused job go on."""
        return JobResponse.of(await jobs.resume(caller, job_id))

    @post("/{job_id:str}/cancel", status_code=HTTPStatus.OK, responses=protected(NotFound, JobNotCancelable))
    async def cancel_job(self, caller: Calling, jobs: JobsService, job_id: FromPath[UUID]) -> JobResponse:
        """Stop a job for good: once this is answered nothing more changes. Canceling it again changes nothing."""
        return JobResponse.of(await jobs.cancel(caller, job_id))

    @post(
        "/{job_id:str}/retry",
        status_code=HTTPStatus.ACCEPTED,
        responses=protected(NotFound, NothingToRetry, AlreadyRetried, TooManyJobs),
    )
    async def retry_job(self, caller: Calling, intake: IntakeService, job_id: FromPath[UUID]) -> Response[JobResponse]:
        """Make a new job of the items that failed but may succeed now, and of those that were not tried."""
        return _launched(intake, await intake.retry(caller, job_id))

    @post(
        "/{job_id:str}/undo",
        status_code=HTTPStatus.ACCEPTED,
        responses=protected(NotFound, NotUndoable, JobNotEnded, AlreadyUndone, UndoExpired, NothingToUndo, TooManyJobs),
    )
    async def undo_job(self, caller: Calling, intake: IntakeService, job_id: FromPath[UUID]) -> Response[JobResponse]:
        """Make a new job that restores what this one changed, where nobody has changed it since. Undo that to redo."""
        return _launched(intake, await intake.undo(caller, job_id))


def checked_key(key: str | None) -> str | None:
    """Raise `InvalidRequest` unless `key` has 1 to 255 visible ASCII characters."""
    if key is not None and not re.fullmatch(r"[\x21-\x7e]{1,255}", key):
        raise InvalidRequest.at("header.Idempotency-Key", "Send 1 to 255 visible ASCII characters")
    return key


def _launched(intake: Intake, job: Job) -> Response[JobResponse]:
    """Launch a job in the background, which means after the answer: no ticket changes before its admin knows of it."""
    return _accepted(job, background=BackgroundTask(intake.launch, job))


def _accepted(
    job: Job, headers: dict[str, str] | None = None, background: BackgroundTask | None = None
) -> Response[JobResponse]:
    where = {"Location": f"/api/jobs/{job.id}", "Retry-After": str(POLL_AFTER_SECONDS)}
    return Response(
        JobResponse.of(job), status_code=HTTPStatus.ACCEPTED, headers=where | (headers or {}), background=background
    )


async def _begun(pages: AsyncIterator[list[ExportedItem]]) -> AsyncIterator[list[ExportedItem]]:
    """Fetch the first page right away, while there still can be an answer that says what went wrong."""
    first = await anext(pages, None)

    async def all_pages() -> AsyncIterator[list[ExportedItem]]:
        if first is not None:
            yield first
        async for page in pages:
            yield page

    return all_pages()


def _last(page: list[Item]) -> int:
    return page[-1].position
