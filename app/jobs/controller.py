from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import FromPath, JSONBody
from litestar.response import Stream

from app.accounts.models import Caller, User
from app.errors import BodyTooLarge, NotFound, TooManyRequests
from app.http.idempotency import REPLAYED, IdempotencyKey, checked_key
from app.http.openapi import ALSO_ANSWERS, protected
from app.http.paging import Cursors, Pagination
from app.http.query import Reading
from app.idempotency.errors import IdempotencyKeyReused
from app.jobs import exports
from app.jobs.errors import (
    AlreadyRetried,
    AlreadyUndone,
    CountChanged,
    JobNotCancelable,
    JobNotEnded,
    JobNotPausable,
    JobNotResumable,
    JobTypeRetired,
    NothingToRetry,
    NothingToUndo,
    NotUndoable,
    TooManyJobs,
    TooManyTargets,
    UndoExpired,
)
from app.jobs.intake import Intake
from app.jobs.models import Item, Job
from app.jobs.operations.registry import AnyJobRequest
from app.jobs.queries import ExportQuery, ItemQuery, JobQuery
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

POLL_AFTER_SECONDS = 1

Requesting = Request[User, Any, Any]
Calling = NamedDependency[Caller]


class JobController(Controller):
    path = "/api/jobs"
    tags = ("jobs",)
    jobs: Jobs
    intake: Intake
    cursors: Cursors

    @post(
        status_code=HTTPStatus.ACCEPTED,
        responses=protected(BodyTooLarge, TooManyTargets, IdempotencyKeyReused, CountChanged, TooManyJobs),
    )
    async def submit_job(
        self,
        caller: Calling,
        data: JSONBody[AnyJobRequest],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[JobResponse]:
        """Store a bulk job and answer at once; workers do it in the background."""
        submitted = await self.intake.submit(caller, data, checked_key(idempotency_key))
        if submitted.is_replay:
            return _accepted(submitted.job, REPLAYED)
        return _launched(self.intake, submitted.job)

    @post("/preview", status_code=HTTPStatus.OK, responses=protected(BodyTooLarge, TooManyTargets, TooManyRequests))
    async def preview_job(self, request: Requesting, data: JSONBody[AnyJobRequest]) -> PreviewResponse:
        """Say what a job would do if it were posted now; nothing is changed or stored."""
        return PreviewResponse.of(await self.intake.preview(request.user, data))

    @get(responses=protected(), dependencies={"wanted": Reading(JobQuery)})
    async def list_jobs(self, request: Requesting, wanted: NamedDependency[JobQuery]) -> JobPage:
        """List jobs, newest first, by page or by cursor. Admins see all, others their own."""
        found, counted = await self.jobs.find_page(request.user, wanted, below_id=self.cursors.start_of(wanted, UUID))
        part = self.cursors.part_of(wanted, found, lambda job: job.id)
        return JobPage(
            [JobResponse.of(job) for job in part.items],
            Pagination.of(wanted.page, wanted.limit, counted),
            part.next_cursor,
        )

    @get("/{job_id:str}", responses=protected(NotFound))
    async def read_job(self, request: Requesting, job_id: FromPath[UUID]) -> JobDetail:
        job, items = await self.jobs.get_with_items(request.user, job_id)
        return JobDetail.with_items(job, items)

    @get("/{job_id:str}/summary", responses=protected(NotFound, TooManyRequests))
    async def summarize_job(self, request: Requesting, job_id: FromPath[UUID]) -> SummaryResponse:
        """Count what became of the items, by code."""
        job = await self.jobs.get(request.user, job_id)
        return SummaryResponse.of(job, await self.jobs.summary(request.user, job))

    @get(
        "/{job_id:str}/items",
        responses=protected(NotFound, TooManyRequests),
        dependencies={"wanted": Reading(ItemQuery)},
    )
    async def list_items(
        self,
        request: Requesting,
        job_id: FromPath[UUID],
        wanted: NamedDependency[ItemQuery],
    ) -> ItemPage:
        """List what became of each item, in order of position, by cursor or `from` any position on.

        With a `number` it is what became of the ticket that has it: one item, or none.
        """
        after = self.cursors.start_of(wanted, int, job_id)
        job = await self.jobs.get(request.user, job_id)
        found = await self.jobs.items(request.user, job, wanted, after=after)
        part = self.cursors.part_of(wanted, found, lambda item: item.position, job_id)
        return ItemPage([ItemResponse.of(item, job.type) for item in part.items], part.next_cursor)

    @get(
        "/{job_id:str}/items/export",
        responses=protected(NotFound, TooManyRequests)
        | {
            int(HTTPStatus.OK): ResponseSpec(
                bytes, generate_examples=False, media_type="text/csv", description="The file, line by line"
            )
        },
        dependencies={"wanted": Reading(ExportQuery)},
        opt={ALSO_ANSWERS: exports.MEDIA_TYPES["ndjson"]},
    )
    async def export_items(
        self,
        request: Requesting,
        job_id: FromPath[UUID],
        wanted: NamedDependency[ExportQuery],
    ) -> Stream:
        """Download what became of each item, with its ticket's number and title, in order of position."""
        job = await self.jobs.get(request.user, job_id)
        pages = await _begun(self.jobs.export(request.user, job, wanted))
        file_name = f"job-{job_id}.{wanted.format}"
        return Stream(
            exports.write(wanted.format, job.type, pages),
            media_type=exports.MEDIA_TYPES[wanted.format],
            headers={"Content-Disposition": f'attachment; filename="{file_name}"'},
        )

    @post("/{job_id:str}/pause", status_code=HTTPStatus.OK, responses=protected(NotFound, JobNotPausable))
    async def pause_job(self, caller: Calling, job_id: FromPath[UUID]) -> JobResponse:
        """Pause a running job: once this is answered nothing more changes, until it is resumed."""
        return JobResponse.of(await self.jobs.pause(caller, job_id))

    @post("/{job_id:str}/resume", status_code=HTTPStatus.OK, responses=protected(NotFound, JobNotResumable))
    async def resume_job(self, caller: Calling, job_id: FromPath[UUID]) -> JobResponse:
        """Let a paused job go on."""
        return JobResponse.of(await self.jobs.resume(caller, job_id))

    @post("/{job_id:str}/cancel", status_code=HTTPStatus.OK, responses=protected(NotFound, JobNotCancelable))
    async def cancel_job(self, caller: Calling, job_id: FromPath[UUID]) -> JobResponse:
        """Stop a job for good: once this is answered nothing more changes. Canceling it again changes nothing."""
        return JobResponse.of(await self.jobs.cancel(caller, job_id))

    @post(
        "/{job_id:str}/retry",
        status_code=HTTPStatus.ACCEPTED,
        responses=protected(NotFound, NothingToRetry, AlreadyRetried, JobTypeRetired, TooManyJobs),
    )
    async def retry_job(self, caller: Calling, job_id: FromPath[UUID]) -> Response[JobResponse]:
        """Make a new job of the items that failed but may succeed now, and of those that were not tried."""
        return _launched(self.intake, await self.intake.retry(caller, job_id))

    @post(
        "/{job_id:str}/undo",
        status_code=HTTPStatus.ACCEPTED,
        responses=protected(NotFound, NotUndoable, JobNotEnded, AlreadyUndone, UndoExpired, NothingToUndo, TooManyJobs),
    )
    async def undo_job(self, caller: Calling, job_id: FromPath[UUID]) -> Response[JobResponse]:
        """Make a new job that restores what this one changed, where nobody has changed it since. Undo that to redo."""
        return _launched(self.intake, await self.intake.undo(caller, job_id))


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


async def _begun(pages: AsyncIterator[list[Item]]) -> AsyncIterator[list[Item]]:
    """Fetch the first page right away, while there still can be an answer that says what went wrong."""
    first = await anext(pages, None)

    async def all_pages() -> AsyncIterator[list[Item]]:
        if first is not None:
            yield first
        async for page in pages:
            yield page

    return all_pages()
