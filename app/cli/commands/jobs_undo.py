from argparse import ArgumentParser, Namespace

from app.cli import following, jobs


def add_arguments(parser: ArgumentParser) -> None:
    jobs.add_job(parser)
    following.add_detach(parser)


def run(options: Namespace) -> int:
    with jobs.opened(options) as client:
        return following.end(client, [client.undo(options.job_id)], options)
