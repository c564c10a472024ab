import hashlib
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple, get_args
from uuid import UUID, uuid4

import msgspec

from app.cli import following, jobs, payloads, ticket_ids
from app.cli.errors import CliError
from app.cli.ticket_ids import Named
from app.client import BulkheadError, Client, Job, JobRequest, Preview, Submitted, Unreachable
from app.client.models import Priority
from app.jobs.operations.registry import OPERATIONS

TYPES = [name for name, operation in OPERATIONS.items() if operation.request]


class Wanted(NamedTuple):
    """What is to be posted: a request, and the ids that go with it; None where a filter says which tickets."""

    request: JobRequest
    ids: list[UUID] | None

    def digest(self) -> str:
        """Return what is the same for the same tickets, in whatever order, and the same to be done with them."""
        return hashlib.sha256(msgspec.json.encode([self.request, sorted(self.ids or ())], order="sorted")).hexdigest()


def add_arguments(parser: ArgumentParser) -> None:
    jobs.add_arguments(parser)
    parser.add_argument("type", metavar="TYPE", help=f"{', '.join(TYPES)}: see the README")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--ids-file", metavar="F", help="a CSV, or an id a line; - is the standard input")
    which.add_argument("--filter", action="append", metavar="N=V,N=V", help="such as status=open,fields.cableType=Cat6")
    which.add_argument("--all", action="store_true", help="all tickets there are")
    parser.add_argument("--exclude-file", metavar="F", help="as --ids-file: tickets that the filter is not to take")
    parser.add_argument("--set", action="append", default=[], metavar="N=V", help="such as status=closed; repeatable")
    parser.add_argument("--reason", metavar="TEXT", help="for the audit log")
    parser.add_argument("--priority", choices=get_args(Priority), default="normal")
    parser.add_argument("--run-at", type=moment, metavar="TIME", help="such as 2026-12-24T22:00, here, or ...T22:00Z")
    parser.add_argument("--max-per-second", type=int, metavar="N", help="tickets, at most")
    parser.add_argument("--expect", type=int, metavar="N", help="post nothing unless there are so many tickets")
    parser.add_argument("--dry-run", action="store_true", help="say what would happen, and post nothing")
    key = parser.add_mutually_exclusive_group()
    key.add_argument("--key", metavar="K", help="the same command again with the same key posts nothing twice")
    key.add_argument("--once", action="store_true", help="as a key that is made of what is asked for: once a day")
    following.add_detach(parser)


def run(options: Namespace) -> int:
    wanted = read(options)
    with jobs.opened(options) as client:
        if options.dry_run:
            return show_preview(preview(client, wanted), options)
        return following.end(client, post(client, wanted, key_of(wanted, options), options), options)


def moment(text: str) -> datetime:
    """Read a time, which is one of this machine's unless it says otherwise."""
    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError):
        raise ArgumentTypeError(f"{text!r} is no time as 2026-12-24T22:00 is one, or 2026-12-24T22:00+01:00") from None


def read(options: Namespace) -> Wanted:
    """Read all that is typed and piped in, and complain, before anything is asked of the API."""
    payload = payloads.settings_of(options.set) | filter_of(options)
    named = ticket_ids.read(options.ids_file) if options.ids_file else None
    if not named and not payload.keys() & {"filter", "importId"}:
        raise CliError("say which tickets: --ids-file F, --filter status=open,tag=spam, or --all")
    if named:
        check(named, options)
    request = JobRequest(
        type=options.type,
        payload=payload,
        reason=options.reason,
        priority=options.priority,
        run_at=options.run_at,
        max_items_per_second=options.max_per_second,
        expected_count=None if named else options.expect,
    )
    return Wanted(request, named and named.ids)


def filter_of(options: Namespace) -> dict[str, Any]:
    """Return what the payload says where it does not name the tickets."""
    if not options.filter and not options.all:
        if options.exclude_file:
            raise CliError("--exclude-file goes with --filter or --all: it says what these are not to take")
        return {}
    wanted: dict[str, Any] = (
        {"filter": payloads.filter_of(options.filter)} if options.filter else {"filter": {}, "all": True}
    )
    if options.exclude_file:
        wanted["excludeIds"] = ticket_ids.read(options.exclude_file).ids
    return wanted


def check(named: Named, options: Namespace) -> None:
    """Complain of a file that does not have as many tickets as expected; say what of it does not count."""
    if options.expect not in {None, len(named.ids)}:
        raise CliError(
            f"{options.ids_file} names {len(named.ids):,} tickets, not {options.expect:,}; nothing was posted"
        )
    if named.repeated and not options.json:
        print(f"{named.repeated:,} ids came more than once, and count once.")


def key_of(wanted: Wanted, options: Namespace) -> str:
    return options.key or (wanted.digest() if options.once else uuid4().hex)


def post(client: Client, wanted: Wanted, key: str, options: Namespace) -> list[Job]:
    """Post a job, or as many as it takes; what was posted before a failure is not lost to who knows the key."""
    posted: list[Job] = []
    try:
        for submitted in submit(client, wanted, key):
            posted.append(submitted.job)
            if not options.json:
                print(sentence(submitted))
    except BulkheadError as error:
        if posted or isinstance(error, Unreachable):
            raise CliError(
                f"{error} The same command with --key {key} posts what is missing, and nothing twice"
            ) from error
        raise
    return posted


def sentence(submitted: Submitted) -> str:
    job = submitted.job
    begins = f", to begin at {jobs.at(job.run_at)}" if job.run_at and not job.started_at else ""
    return f"{'Posted before' if submitted.is_replay else 'Posted'}: {job.type} {job.id}{begins}"


def submit(client: Client, wanted: Wanted, key: str) -> Iterable[Submitted]:
    if wanted.ids is None:
        return [client.submit(wanted.request, key=key)]
    return client.submit_parts(wanted.request, wanted.ids, key=key)


def preview(client: Client, wanted: Wanted) -> list[Preview]:
    if wanted.ids is None:
        return [client.preview(wanted.request)]
    return list(client.preview_parts(wanted.request, wanted.ids))


def show_preview(previews: list[Preview], options: Namespace) -> int:
    """Show what the jobs would do together."""
    statuses, failing = Counter[str](), Counter[str]()
    for each in previews:
        statuses.update(each.by_status)
        failing.update(each.would_fail)
    total, undo_days = sum(each.total for each in previews), previews[0].undo_days
    if options.json:
        by = {"byStatus": dict(statuses), "wouldFail": dict(failing), "undoDays": undo_days}
        jobs.print_json({"total": total, "jobs": len(previews), **by, "sample": previews[0].sample})
        return 0
    print(f"{options.type} would have {total:,} tickets in {len(previews)} {'job' if len(previews) == 1 else 'jobs'}.")
    print(f"It could {f'be undone for {undo_days} days' if undo_days else 'not be undone'}. Nothing was posted.")
    for title, counts in (("status", statuses), ("would fail", failing)):
        print(
            "\n".join(f"{count:>9,}  {title}: {name}" for name, count in counts.most_common()), end="\n" * bool(counts)
        )
    return 0
