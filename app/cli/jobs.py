"""What the commands about jobs have in common: how they reach the API, what they print, and what they say of a no."""

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

import msgspec

from app.cli import environment, operators
from app.cli.errors import CliError
from app.cli.operators import Access
from app.client import BulkheadError, Client, Job, Refused, UnexpectedAnswer
from app.client.models import ENDED

PATIENCE_SECONDS = 30.0
# What the API's codes mean to whoever typed a command; for others its own words do.
MEANINGS = {
    "invalid_request": "the API does not take this:",
    "not_found": "there is no such job; ./manage.sh jobs list shows those there are",
    "job_not_pausable": "only a running job can be paused",
    "job_not_resumable": "only a paused job can be resumed",
    "job_not_cancelable": "a job that has ended cannot be canceled; ./manage.sh jobs undo restores what it changed",
    "nothing_to_retry": "nothing of it failed that may pass now, and nothing was left",
    "already_retried": "it has been retried; what is left of that can be retried in turn",
    "job_not_ended": "only a job that has ended can be undone; ./manage.sh jobs cancel ends it",
    "already_undone": "it has been undone; undo that in turn to redo",
    "nothing_to_undo": "it has changed nothing that could be undone",
}
NOT_ENDED = "only what has ended can be tried again; ./manage.sh jobs cancel ends it"
TYPES = "(./manage.sh help jobs submit names the types there are)"
UNKNOWN_HERE = "the API was started with another JWT_SECRET than this command knows: ./manage.sh restart"
UNKNOWN_THERE = "BULKHEAD_TOKEN has expired, or is of another system: log in there for another"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--as", dest="name", metavar="NAME", help="the admin to act as (default: the first there was)")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.description = f"{parser.description} BULKHEAD_URL and BULKHEAD_TOKEN in the environment name one elsewhere."


def add_job(parser: ArgumentParser) -> None:
    add_arguments(parser)
    parser.add_argument("job_id", metavar="ID", type=job_id, help="of the job; ./manage.sh jobs list shows it")


def job_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no id of a job; ./manage.sh jobs list shows them") from None


@contextmanager
def opened(options: Namespace) -> Iterator[Client]:
    """Give a client that the API has let in; what it refuses meanwhile becomes one line that says what to do."""
    access = operators.access(environment.read(), options.name)
    try:
        with _client(access) as client:
            client.me(patience_seconds=0)  # so that nobody waits for an API that is not there
            yield client
    except BulkheadError as error:
        raise CliError(words_of(error, access)) from error


def _client(access: Access) -> Client:
    try:
        return Client(access.url, token=access.token, patience_seconds=PATIENCE_SECONDS)
    except ValueError as error:
        raise CliError(f"BULKHEAD_URL: {error}") from error


def words_of(error: BulkheadError, access: Access) -> str:
    if isinstance(error, Refused):
        return _words_of_refusal(error, access)
    if isinstance(error, UnexpectedAnswer):
        return f"what answers at {access.url} is no Bulkhead, or one of another version"
    remedy = (
        "is BULKHEAD_URL right?" if access.is_remote else "./manage.sh up starts it, ./manage.sh logs api says more"
    )
    return f"the API does not answer at {access.url}; {remedy}"


def _words_of_refusal(refused: Refused, access: Access) -> str:
    if refused.status == HTTPStatus.UNAUTHORIZED:
        return f"the API does not know you: {UNKNOWN_THERE if access.is_remote else UNKNOWN_HERE}"
    words = [_meaning_of(refused), *refused.errors]
    if any(error.startswith("$.type:") for error in refused.errors):
        words.append(TYPES)
    if "state" in refused.body:
        words.append(f"(it is {refused.body['state']})")
    if "jobId" in refused.body:
        words.append(f"(./manage.sh jobs show {refused.body['jobId']})")
    return " ".join(words)


def _meaning_of(refused: Refused) -> str:
    if refused.code == "nothing_to_retry" and refused.body.get("state") not in ENDED:
        return NOT_ENDED
    return MEANINGS.get(refused.code, refused.detail)


def show(jobs: Sequence[Job], options: Namespace) -> None:
    """Print jobs, one or several, as a table or as one JSON document."""
    print_json({"jobs": jobs}) if options.json else print(as_table(jobs))


def show_one(job: Job, options: Namespace, said: str) -> None:
    """Print a job as JSON, or a sentence on it."""
    print_json(job) if options.json else print(said)


def print_json(value: object) -> None:
    sys.stdout.write(f"{msgspec.json.format(msgspec.json.encode(value), indent=2).decode()}\n")


def as_table(jobs: Sequence[Job]) -> str:
    rows = [("ID", "TYPE", "STATUS", "DONE", "FAILED", "CREATED"), *map(_row, jobs)]
    widths = [max(map(len, column)) + 2 for column in zip(*rows, strict=True)]
    return "\n".join("".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def _row(job: Job) -> tuple[str, ...]:
    counts = done(job.processed, job.total), f"{job.failed:,}"
    return str(job.id), job.type, job.status, *counts, at(job.created_at)


def at(moment: datetime) -> str:
    """Return a time as this machine's clock shows it."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"


def done(processed: int, total: int | None) -> str:
    return f"{processed:,}" if total is None else f"{processed:,} of {total:,}"
