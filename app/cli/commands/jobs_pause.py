from argparse import ArgumentParser, Namespace

from app.cli import jobs


def add_arguments(parser: ArgumentParser) -> None:
    jobs.add_job(parser)


def run(options: Namespace) -> int:
    with jobs.opened(options) as client:
        job = client.pause(options.job_id)
    jobs.show_one(job, options, f"Job {job.id} is paused: nothing more changes until ./manage.sh jobs resume {job.id}")
    return 0
