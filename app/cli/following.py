"""Watching jobs at a terminal: one bar for all of them, or lines where nobody looks, and their outcome as a code."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from app.cli import jobs
from app.client import Client, Job, Update

OUTCOMES = {"completed": 0, "failed": 3, "canceled": 4}
CODES = "Exits with 0 when all have completed, 3 when one has failed and 4 when one was canceled, as such."

Show = Callable[["Standing"], None]


class Standing:
    """Where some jobs stand together."""

    def __init__(self, found: Sequence[Job]) -> None:
        self._latest = {job.id: Update.of(job) for job in found}

    def take(self, update: Update) -> None:
        self._latest[update.job_id] = update

    @property
    def updates(self) -> list[Update]:
        return list(self._latest.values())

    @property
    def total(self) -> int | None:
        """Return how many tickets there are; None until all are counted."""
        totals = [update.total for update in self.updates]
        return None if None in totals else sum(total or 0 for total in totals)

    @property
    def processed(self) -> int:
        return sum(update.processed for update in self.updates)

    @property
    def failed(self) -> int:
        return sum(update.failed for update in self.updates)

    @property
    def rate(self) -> str:
        rate = sum(update.rate_per_second or 0 for update in self.updates if update.status == "running")
        return f"{rate:,.0f}/s" if rate else ""

    @property
    def title(self) -> str:
        """Return the type and state of one job, or how many there are and have ended."""
        if len(self._latest) > 1:
            return f"{len(self._latest)} jobs, {sum(update.has_ended for update in self.updates)} ended"
        [update] = self.updates
        return f"{update.type} {update.status}"

    @property
    def code(self) -> int:
        return max((OUTCOMES.get(update.status, 0) for update in self.updates), default=0)


def add_detach(parser: ArgumentParser) -> None:
    parser.add_argument("--detach", action="store_true", help="do not watch: end when the API has stored it")
    parser.description = f"{parser.description} {CODES}"


def end(client: Client, found: Sequence[Job], options: Namespace) -> int:
    """End as a command does that has made jobs: watch them, unless they are to be left alone."""
    if not options.detach:
        return follow(client, found, as_json=options.json)
    if options.json:
        jobs.show(found, options)
    else:
        print("\n".join(f"./manage.sh jobs watch {job.id}" for job in found))
    return 0


def follow(client: Client, found: Sequence[Job], *, as_json: bool) -> int:
    """Watch jobs until all have ended; return the worst of their outcomes."""
    standing = Standing(found)
    with _shown(as_json=as_json) as show:
        show(standing)
        for update in client.watch(*(job.id for job in found)):
            standing.take(update)
            if as_json:
                _write_line(update)
            show(standing)
    if not as_json:
        print("\n".join(map(_sentence, standing.updates)))
    return standing.code


@contextmanager
def _shown(*, as_json: bool) -> Iterator[Show]:
    """Give what shows where jobs stand: a bar on a terminal, else a line for each new state or percent."""
    console = Console()
    if as_json:
        yield lambda _: None
    elif not console.is_terminal:
        yield _Lines().show
    else:
        columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[more]}"), TimeRemainingColumn())
        with Progress(TextColumn("{task.description}"), *columns, console=console) as bar:
            task = bar.add_task("", total=None, more="")
            yield lambda standing: bar.update(
                task,
                description=standing.title,
                total=standing.total,
                completed=standing.processed,
                more=f"{jobs.done(standing.processed, standing.total)}  {standing.failed:,} failed  {standing.rate}",
            )


class _Lines:
    def __init__(self) -> None:
        self._last = ""

    def show(self, standing: Standing) -> None:
        percent = "" if not standing.total else f" {100 * standing.processed // standing.total} %"
        line = f"{standing.title}{percent}"
        if line != self._last:
            self._last = line
            print(f"{line}  {jobs.done(standing.processed, standing.total)}, {standing.failed:,} failed", flush=True)


def _write_line(update: Update) -> None:
    sys.stdout.write(f"{msgspec.json.encode(update).decode()}\n")
    sys.stdout.flush()


def _sentence(update: Update) -> str:
    left = f", {update.unprocessed:,} left as they were" if update.unprocessed else ""
    why = f"; ./manage.sh jobs show {update.job_id} says why" if update.failed or update.status == "failed" else ""
    counts = f"{update.succeeded:,} succeeded, {update.failed:,} failed"
    return f"{update.type} {update.job_id} {update.status}: {counts}{left}{why}"


def known(client: Client, job_ids: Sequence[UUID]) -> list[Job]:
    return [client.job(job_id) for job_id in dict.fromkeys(job_ids)]
