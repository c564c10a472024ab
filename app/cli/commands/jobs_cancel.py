from argparse import ArgumentParser, Namespace

from app.cli import jobs


def add_arguments(parser: ArgumentParser) -> None:
    jobs.add_job(parser)


def run(options: Namespace) -> int:
    with jobs.opened(options) as client:
        job = client.cancel(options.job_id)
    jobs.show_one(job, options, f"Job {job.id} is canceled, with {jobs.done(job.processed, job.total)} done.")
    return 0
