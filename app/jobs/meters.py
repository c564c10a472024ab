"""What processes count of jobs, each once and after the commit that made it true."""

import itertools
from typing import Final

from prometheus_client import Counter, Histogram

from app.jobs.models import Counts, Job
from app.jobs.operations.registry import OPERATIONS
from app.jobs.status import TERMINAL

SUBMITTED: Final = Counter("bulkhead_jobs_submitted", "Jobs that were stored, replays not among them", ["type"])
FINISHED: Final = Counter("bulkhead_jobs_finished", "Jobs that have ended, and how", ["type", "status"])
DURATION: Final = Histogram(
    "bulkhead_job_duration_seconds",
    "From the start of a job to its end, without the time that it was paused",
    buckets=(0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600),
)
QUEUE_WAIT: Final = Histogram(
    "bulkhead_job_queue_wait_seconds",
    "From when a job could have begun until a lane began with it",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800),
)
ITEMS: Final = Counter("bulkhead_items", "Items that were done, and what became of them", ["type", "result", "code"])
CHUNK: Final = Histogram(
    "bulkhead_chunk_duration_seconds",
    "How long chunks took that were committed: one transaction each",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 60),
)

for type_, status in itertools.product(OPERATIONS, TERMINAL):  # shown as 0 until there is one
    SUBMITTED.labels(type_)
    FINISHED.labels(type_, status)


def submitted(job: Job) -> None:
    SUBMITTED.labels(job.type).inc()


def started(job: Job) -> None:
    if job.started_at is not None:
        QUEUE_WAIT.observe(max((job.started_at - (job.run_at or job.created_at)).total_seconds(), 0))


def chunk_done(job: Job, counts: Counts, seconds: float) -> None:
    CHUNK.observe(seconds)
    for (result, code), count in counts.codes.items():
        ITEMS.labels(job.type, result, code).inc(count)


def ended(job: Job) -> None:
    FINISHED.labels(job.type, job.status).inc()
    if job.started_at is not None and job.finished_at is not None:
        DURATION.observe(max((job.finished_at - job.started_at).total_seconds() - job.paused_seconds, 0))
