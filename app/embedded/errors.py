class EmbeddedError(Exception):
    """The embedded servers cannot run here; the message is one line for the person at the terminal."""


def complaint_in(output: str) -> str:
    """The line of a program's output that says what was wrong."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    loud = [line for line in lines if any(word in line for word in ("FATAL", "PANIC", "ERROR", "error:"))]
    return (loud or lines or ["it said nothing"])[0]
