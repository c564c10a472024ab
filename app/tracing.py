"""One trace from a request through lanes to what people are told, where OTEL_EXPORTER_OTLP_ENDPOINT is set.

Elsewhere nothing of OpenTelemetry is even imported: see otlp.py for that.
"""

import contextlib
from collections.abc import Mapping
from contextlib import AbstractContextManager
from importlib.util import find_spec
from typing import Final, Literal, Protocol

from app.settings import Settings, SettingsError

Kind = Literal["internal", "server", "producer", "consumer"]
Attributes = Mapping[str, str | int | float]

PACKAGE: Final = "opentelemetry"
NOT_INSTALLED: Final = (
    "OTEL_EXPORTER_OTLP_ENDPOINT needs packages that are not installed here: "
    "install the dependency group tracing, or leave it unset."
)


class Span(Protocol):
    def name(self, name: str) -> None: ...

    def note(self, attributes: Attributes) -> None: ...

    def fail(self, why: str) -> None: ...


class Tracer(Protocol):
    """What `app.otlp` does; parents and links are in the form of the header `traceparent`."""

    def span(self, name: str, kind: Kind, parent: str | None, attributes: Attributes) -> AbstractContextManager[Span]:
        """Last as long as a context, within the span there is, or within `parent` if one is given."""

    def record(self, name: str, seconds: float, link: str | None, attributes: Attributes) -> None:
        """Note what has just ended and took so long, within the span there is."""

    def current(self) -> str | None: ...

    def close(self) -> None:
        """Send what is left, and stop."""


class _NoSpan:
    """Stands for a span where nothing is traced."""

    def name(self, name: str) -> None: ...

    def note(self, attributes: Attributes) -> None: ...

    def fail(self, why: str) -> None: ...


_NO_SPAN: Final[AbstractContextManager[Span]] = contextlib.nullcontext(_NoSpan())
_tracer: Tracer | None = None


def check(settings: Settings) -> None:
    """Raise `SettingsError` where traces are wanted, and the packages for them are not there."""
    if settings.otel_exporter_otlp_endpoint is not None and find_spec(PACKAGE) is None:
        raise SettingsError(NOT_INSTALLED)


def start(settings: Settings, service: str) -> None:
    """Trace this process from now on, if settings say where to."""
    global _tracer  # noqa: PLW0603 - one a process, like its log
    if settings.otel_exporter_otlp_endpoint is not None:
        from app.otlp import OtlpTracer  # noqa: PLC0415 - takes memory and a third of a second

        _tracer = OtlpTracer(settings.otel_exporter_otlp_endpoint, service)


def stop() -> None:
    """Send what is left to send; this may take a few seconds where nobody answers."""
    global _tracer
    tracer, _tracer = _tracer, None
    if tracer is not None:
        tracer.close()


def is_on() -> bool:
    return _tracer is not None


def span(
    name: str, *, kind: Kind = "internal", parent: str | None = None, attributes: Attributes | None = None
) -> AbstractContextManager[Span]:
    return _tracer.span(name, kind, parent, attributes or {}) if _tracer is not None else _NO_SPAN


def record(name: str, seconds: float, *, link: str | None, attributes: Attributes) -> None:
    if _tracer is not None:
        _tracer.record(name, seconds, link, attributes)


def current() -> str | None:
    """Return the span there is, for those who go on with its trace elsewhere."""
    return _tracer.current() if _tracer is not None else None
