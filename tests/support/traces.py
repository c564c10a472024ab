"""A receiver of traces on this machine, as a collector of OpenTelemetry is: OTLP over HTTP, in protobuf."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.support.serving import serving


class Span(NamedTuple):
    service: str
    name: str
    trace_id: str
    span_id: str
    parent_id: str
    links: list[str]  # the ids of other spans
    attributes: dict[str, str | int]


class Collector:
    def __init__(self) -> None:
        self.url = ""
        self.paths: set[str] = set()
        self.spans: list[Span] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return
        body, is_more = b"", True
        while is_more:
            message = await receive()
            body, is_more = body + message.get("body", b""), message.get("more_body", False)
        self.paths.add(scope["path"])
        self.spans += _spans_in(ExportTraceServiceRequest.FromString(body))
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    def named(self, name: str, trace_id: str) -> list[Span]:
        return [span for span in self.spans if (span.name, span.trace_id) == (name, trace_id)]


@contextlib.asynccontextmanager
async def collecting() -> AsyncIterator[Collector]:
    collector = Collector()
    async with serving(collector) as url:
        collector.url = url
        yield collector


def _spans_in(request: ExportTraceServiceRequest) -> list[Span]:
    return [
        Span(
            _attributes(of_process.resource)["service.name"],
            span.name,
            span.trace_id.hex(),
            span.span_id.hex(),
            span.parent_span_id.hex(),
            [link.span_id.hex() for link in span.links],
            _attributes(span),
        )
        for of_process in request.resource_spans
        for of_library in of_process.scope_spans
        for span in of_library.spans
    ]


def _attributes(of: Any) -> dict[str, Any]:
    return {each.key: each.value.string_value or each.value.int_value for each in of.attributes}
