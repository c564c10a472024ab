"""The ends of log files, for whoever has to find out what went wrong."""

from collections import deque
from pathlib import Path

from app.cli.local import places

TAIL_LINES = 15


def tail(file: Path, lines: int = TAIL_LINES) -> list[str]:
    try:
        with file.open(errors="replace") as log:
            return [line.rstrip("\n") for line in deque(log, lines)]
    except FileNotFoundError:
        return []


def with_tail(message: str, local_dir: Path, process: str) -> str:
    """The message, and below it the last lines that a process wrote."""
    file = places.log(local_dir, process)
    said = [f"  {line}" for line in tail(file)]
    return "\n".join([message, *([f"The end of {file}:", *said] if said else [f"It left nothing in {file}."])])
