from collections import deque
from pathlib import Path

TAIL_LINES = 15


class EmbeddedError(Exception):
    """The embedded servers cannot run here; the message is for the person at the terminal."""


def complaint_in(output: str) -> str:
    """Return the line of a program's output that says what was wrong."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    loud = [line for line in lines if any(word in line for word in ("FATAL", "PANIC", "ERROR", "error:"))]
    return (loud or lines or ["it said nothing"])[0]


def with_tail(message: str, log: Path) -> str:
    """Return the message, and below it the last lines of a log file."""
    try:
        with log.open(errors="replace") as file:
            said = [f"  {line.rstrip()}" for line in deque(file, TAIL_LINES)]
    except FileNotFoundError:
        said = []
    return "\n".join([message, *([f"The end of {log}:", *said] if said else [f"There is nothing in {log}."])])
