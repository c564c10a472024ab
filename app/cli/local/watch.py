from collections.abc import Callable, Iterable

from app.cli import waiting
from app.cli.errors import CliError
from app.cli.local.client import Client
from app.cli.processes import Process


class ProcessFailed(CliError):
    """A process ended while it was being waited for."""

    def __init__(self, process: Process) -> None:
        super().__init__(f"{process.name} failed to start. {process.error}".strip())
        self.process = process


class Watch:
    """Waits for what processes do at their start, and notices when one ends instead, restarted or not."""

    def __init__(self, client: Client, names: Iterable[str]) -> None:
        self._client = client
        self._names = frozenset(names)
        self._first_pids: dict[str, int] = {}

    def wait(self, condition: Callable[[list[Process]], bool], timeout_seconds: float) -> bool:
        """Tell whether the condition came true in time; raise `ProcessFailed` when it cannot any more."""

        def is_settled() -> bool:
            processes = [process for process in self._client.processes() if process.name in self._names]
            self._raise_for_casualty(processes)
            return condition(processes)

        return waiting.until(is_settled, timeout_seconds)

    def _raise_for_casualty(self, processes: list[Process]) -> None:
        for process in processes:
            if self._has_ended(process):
                raise ProcessFailed(process)

    def _has_ended(self, process: Process) -> bool:
        if process.pid is None:
            return process.is_failing
        return self._first_pids.setdefault(process.name, process.pid) != process.pid
