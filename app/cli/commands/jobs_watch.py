from argparse import ArgumentParser, Namespace

from app.cli import following, jobs


def add_arguments(parser: ArgumentParser) -> None:
    jobs.add_arguments(parser)
    parser.add_argument("job_ids", nargs="+", metavar="ID", type=jobs.job_id, help="of a job; of several: one bar")
    parser.description = f"{parser.description} {following.CODES} Ctrl-C ends the watching, not the job."


def run(options: Namespace) -> int:
    with jobs.opened(options) as client:
        found = following.known(client, options.job_ids)
        return following.follow(client, found, as_json=options.json)
