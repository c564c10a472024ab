"""Whether the worker lives: `python -m worker.health`, for Docker and Kubernetes; it exits 0 if so.

It is about the workers of this container, or of this machine and user; with a pid, about that one. Postgres and Redis
are asked nothing: without them a worker waits, and to start it anew would not help.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from worker import heartbeat
from worker.heartbeat import Worker

SILENT_SECONDS: Final = 15.0


def main(words: Sequence[str], folder: Path = heartbeat.FOLDER) -> int:
    workers = [worker for worker in heartbeat.living(folder) if not words or str(worker.pid) in words]
    for worker in workers:
        print(describe(worker))  # noqa: T201 - a command line prints
    if not workers:
        print("no worker lives here")  # noqa: T201 - as above
    return 0 if workers and all(map(is_well, workers)) else 1


def is_well(worker: Worker) -> bool:
    return worker.silent_seconds < SILENT_SECONDS


def describe(worker: Worker) -> str:
    state = "works" if is_well(worker) else "hangs"
    return f"worker {worker.pid} {state}: its loop last turned {worker.silent_seconds:.1f} s ago"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
