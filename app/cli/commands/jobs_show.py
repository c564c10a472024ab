from argparse import ArgumentParser, Namespace
from datetime import datetime

from app.cli import jobs
from app.client import Job
from app.client.models import CodeCount


def add_arguments(parser: ArgumentParser) -> None:
    jobs.add_job(parser)


def run(options: Namespace) -> int:
    with jobs.opened(options) as client:
        job, codes = client.job(options.job_id), client.summary(options.job_id).codes
    if options.json:
        jobs.print_json({"job": job, "codes": codes})
    else:
        print("\n".join([*_facts(job), "", *map(_count, codes)]).rstrip())
    return 0


def _facts(job: Job) -> list[str]:
    facts = {
        "Job": job.id,
        "Type": job.type,
        "Status": f"{job.status}, {job.progress} %",
        "Tickets": f"{jobs.done(job.processed, job.total)}: {job.succeeded:,} succeeded, {job.failed:,} failed",
        "Reason": job.reason,
        "Error": job.error,
        "Begins": job.run_at if job.status == "queued" else None,
        "Posted": job.created_at,
        "Ended": job.finished_at,
        "Made of": job.parent_job_id,
        "Retried by": job.retried_by,
        "Undone by": job.undone_by,
        "Undo until": job.undo_until,
    }
    return [f"{name:11} {_shown(value)}" for name, value in facts.items() if value is not None]


def _shown(value: object) -> object:
    return jobs.at(value) if isinstance(value, datetime) else value


def _count(code: CodeCount) -> str:
    return f"{code.count:>9,}  {code.code or code.result:18} {code.message or ''}".rstrip()
