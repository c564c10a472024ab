from typing import NamedTuple

FAILING = {"backoff", "fatal", "exited", "unknown"}


class Process(NamedTuple):
    """One process of the stack; `state` is its supervisor's word for it, in lower case."""

    name: str
    state: str
    pid: int | None = None
    uptime_seconds: int | None = None
    error: str = ""

    @property
    def is_running(self) -> bool:
        return self.state == "running"

    @property
    def is_failing(self) -> bool:
        return self.state in FAILING
