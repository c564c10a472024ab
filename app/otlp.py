"""OpenTelemetry, and all that we know of it: imported only where traces are wanted."""

import contextlib
import os
import time
from collections.abc import Iterator, Mapping
from typing import Final

from opentelemetry import context, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, SpanContext, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from app.version import VERSION

EXPORT_SECONDS: Final = 3.0
SEND_EVERY_MS: Final = 1000
HEADER: Final = "traceparent"
KINDS: Final = {
    "internal": SpanKind.INTERNAL,
    "server": SpanKind.SERVER,
    "producer": SpanKind.PRODUCER,
    "consumer": SpanKind.CONSUMER,
}

Attributes = Mapping[str, str | int | float]

_PROPAGATOR: Final = TraceContextTextMapPropagator()


class OtlpSpan:
    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def name(self, name: str) -> None:
        self._span.update_name(name)

    def note(self, attributes: Attributes) -> None:
        self._span.set_attributes(attributes)

    def fail(self, why: str) -> None:
        self._span.set_status(StatusCode.ERROR, why)


class OtlpTracer:
    """Samplers, headers, limits and the like are set as OpenTelemetry says, by variables of its own."""

    def __init__(self, endpoint: str, service: str) -> None:
        own = {"service.name": os.environ.get("OTEL_SERVICE_NAME") or service, "service.version": VERSION}
        self._provider = TracerProvider(resource=Resource.create(own))
        exporter = OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces", timeout=EXPORT_SECONDS)
        self._provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=SEND_EVERY_MS))
        self._tracer = self._provider.get_tracer("bulkhead", VERSION)

    @contextlib.contextmanager
    def span(self, name: str, kind: str, parent: str | None, attributes: Attributes) -> Iterator[OtlpSpan]:
        """Errors leave their types and not their messages, which may say what people wrote."""
        within = _context_of(parent) if parent else None
        with self._tracer.start_as_current_span(
            name,
            within,
            KINDS[kind],
            attributes,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield OtlpSpan(span)
            except Exception as error:
                span.set_status(StatusCode.ERROR, type(error).__name__)
                raise

    def record(self, name: str, seconds: float, link: str | None, attributes: Attributes) -> None:
        ended = time.time_ns()
        linked = _span_in(link)
        span = self._tracer.start_span(
            name,
            attributes=attributes,
            links=[Link(linked)] if linked.is_valid else [],
            start_time=ended - int(seconds * 1e9),
        )
        span.end(ended)

    def current(self) -> str | None:
        carrier: dict[str, str] = {}
        _PROPAGATOR.inject(carrier)
        return carrier.get(HEADER)

    def close(self) -> None:
        self._provider.shutdown()


def _context_of(traceparent: str) -> context.Context:
    return _PROPAGATOR.extract({HEADER: traceparent}, context.Context())


def _span_in(traceparent: str | None) -> SpanContext:
    return trace.get_current_span(_context_of(traceparent or "")).get_span_context()
