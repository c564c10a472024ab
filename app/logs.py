import logging
import re
import sys
from typing import Final

import msgspec
import structlog
from structlog.typing import EventDict, Processor

# A link's path ends with a token that is worth a decision.
_TOKEN: Final = re.compile(r"(/(?:approve|reject|approvals)/)[^/]+")


def configure(level: str, *, for_people: bool) -> None:
    """Send our events and those of the standard library's loggers to stdout, one a line, as JSON.

    People get them readable: where they develop, and wherever stdout is a terminal, with colours there.
    """
    is_terminal = sys.stdout.isatty()
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        _without_tokens,
        structlog.processors.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # Tracebacks go out without the frames' local variables: those hold tokens and ticket texts.
    render: list[Processor] = [
        structlog.processors.format_exc_info,
        structlog.dev.ConsoleRenderer(colors=is_terminal)
        if for_people or is_terminal
        else structlog.processors.JSONRenderer(_to_json),
    ]
    # Our own do not go through the standard library, which takes three times as long over a line.
    structlog.configure(
        processors=[*shared, *render],
        logger_factory=_Lines,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *render],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # A line or two for each wake-up, message and request; and in the URLs of webhooks there are secrets.
    for chatty in ("arq", "engineio", "socketio", "httpx", "httpcore"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


class _Lines(structlog.WriteLogger):
    """Writes lines to stdout. It has the name that `structlog.get_logger` was given, for `add_logger_name`."""

    def __init__(self, name: str = "") -> None:
        super().__init__(sys.stdout)
        self.name = name


def _without_tokens(_: object, __: str, event: EventDict) -> EventDict:
    if "path" in event:
        event["path"] = _TOKEN.sub(r"\1-", event["path"])
    return event


def _to_json(event: EventDict, **_: object) -> str:
    return msgspec.json.encode(event, enc_hook=repr).decode()
