"""What the demo looks like: a living bar on a terminal, plain lines elsewhere."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TextColumn

from tests.demo.checks import Check, Story
from tests.demo.targets import CHUNK_SIZE, Targets

LABEL_WIDTH = 10

Tell = Callable[[str], None]
Show = Callable[[dict[str, Any]], None]


class Screen:
    def __init__(self, console: Console) -> None:
        self._console = console

    def title(self) -> None:
        self._print("[bold]Bulkhead demo:[/] an admin deletes thousands of tickets at once, and watches it happen\n")

    def line(self, label: str, text: str) -> None:
        self._print(f"  [cyan]{label:{LABEL_WIDTH}}[/] {text}")

    @contextmanager
    def waiting(self, step: str) -> Iterator[Tell]:
        """Show a spinner, and give a function that changes its text; without a terminal nothing is shown."""
        with self._console.status(step) as spinner:
            yield spinner.update

    @contextmanager
    def progress(self, total: int) -> Iterator[Show]:
        """Show a bar, and give a function that takes each event's payload."""
        if not self._console.is_terminal:
            yield self._print_progress
            return
        with Progress(
            TextColumn(f"  [cyan]{'Deleting':{LABEL_WIDTH}}[/]"),
            BarColumn(),
            MofNCompleteColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[rate]}"),
            console=self._console,
        ) as bar:
            task = bar.add_task("", total=total, rate="")
            yield lambda payload: bar.update(task, completed=payload["processed"], rate=_rate(payload["ratePerSecond"]))

    def console(self, url: str, password: str) -> None:
        self.line("Console", f"{url}/jobs shows the same in a browser, as long as it lasts:")
        self.line("", f"sign in as admin with {escape(password)}")

    def request(self, targets: Targets) -> None:
        self.line(
            "Request",
            f"POST /api/jobs with {len(targets.mixed()):,} ids: {len(targets.live):,} tickets, "
            f"{len(targets.deleted)} deleted before,",
        )
        self.line("", f"{len(targets.unknown)} that do not exist, and {len(targets.twice)} of all these twice")

    def results(self, story: Story) -> None:
        job = story.job
        self.line("Job", f"{job.id} is [bold]{job.status}[/]: {job.processed:,} of {job.total:,} ids are done")
        self.line("Counts", f"{job.succeeded:,} succeeded, {job.failed:,} failed, {job.unprocessed} left;")
        self.line("", f"{job.duplicates} that came twice were done once")
        meaning = {item.code: item.message for item in story.failed_items}
        codes = Counter(item.code for item in story.failed_items)
        for number, (code, count) in enumerate(codes.most_common()):
            self.line("" if number else "Failed", f"{count:>4} {code:16} {meaning[code]}")
        self.line(
            "Speed", f"{_rate(job.rate_per_second)} in chunks of {CHUNK_SIZE} (larger ones are faster, and less to see)"
        )
        self.line("", f"{story.posted.seconds * 1000:.0f} ms from request to answer")
        said = "Idempotency-Replayed: true" if story.replayed.is_replay else "[red]no Idempotency-Replayed[/]"
        same = "the same job" if story.replayed.job.id == job.id else "[red]another job[/]"
        self.line("Same key", f"posted again: {same}, {said}")

    def checks(self, checks: Sequence[Check]) -> None:
        self._print("\n[bold]What the database says to that[/]")
        for check in checks:
            wrong = f"  [red]✗ {check.claim}:[/] {escape(check.difference)}"
            self._print(f"  [green]✓[/] {check.claim}" if check.holds else wrong)

    def verdict(self, checks: Sequence[Check], seconds: float) -> None:
        wrong = sum(not check.holds for check in checks)
        agrees = (
            f"[red]{wrong} of {len(checks)} claims do not hold[/]" if wrong else "[green]It agrees with every number[/]"
        )
        self._print(f"\n{agrees}; everything is stopped again. That took {seconds:.0f} s.")

    def _print(self, text: str) -> None:
        self._console.print(text, highlight=False, soft_wrap=True)

    def _print_progress(self, payload: dict[str, Any]) -> None:
        if payload["processed"]:
            done = f"{payload['processed']:,} of {payload['total']:,}, {payload['progress']} %"
            self.line("Deleting", f"{done}  {_rate(payload['ratePerSecond'])}")


def _rate(rate: float | None) -> str:
    return "" if rate is None else f"{rate:,.0f} items/s"
