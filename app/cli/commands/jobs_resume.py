from argparse import ArgumentParser, Namespace

from app.cli import jobs


def add_arguments(parser: ArgumentParser) -> None:
    jobs.add_job(parser)


def run(options: Namespace) -> int:
    with jobs.opened(options) as client:
        job = client.resume(options.job_id)
    jobs.show_one(job, options, f"Job {job.id} goes on: {job.status}.")
    return 0
