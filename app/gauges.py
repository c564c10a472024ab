"""What is true of the whole system, as Prometheus reads it: read from Postgres when someone asks.

Every API process says the same, so what several of them say is not to be added up.
"""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Final

import structlog
from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.deliveries import store as deliveries
from app.jobs import standing
from app.outages import is_unavailable
from app.webhooks import store as webhooks

READ_SECONDS: Final = 5.0  # whoever scrapes waits for ten
SAME_FROM_ALL: Final = "; of the whole system, the same from each API: take max, not sum"

log = structlog.get_logger(__name__)


async def read(engine: AsyncEngine) -> bytes:
    """Return how the system is; while Postgres is away nothing but that."""
    try:
        async with asyncio.timeout(READ_SECONDS), engine.connect() as connection:
            found = await _of_system(connection)
    except Exception as error:
        if not is_unavailable(error):
            raise
        log.warning("gauges_not_read", error=type(error).__name__)
        found = []
    registry = CollectorRegistry()
    registry.register(_Found([_one("database_up", "Whether Postgres answers this API: 1 or 0", bool(found)), *found]))
    return generate_latest(registry)


async def _of_system(connection: AsyncConnection) -> list[Metric]:
    jobs = await standing.read(connection)
    states = await webhooks.count_states(connection)
    return [
        _many("jobs", "Jobs that have not ended", ("type", "status"), jobs.active),
        _one("queue_depth", "Jobs that could begin and wait for a lane", jobs.waiting),
        _one("oldest_queued_seconds", "How long the one that has waited longest for a lane waits", jobs.oldest_seconds),
        _one("jobs_stalled", "Running jobs that no lane has worked on for 30 seconds, and could", jobs.stalled),
        _many("webhooks", "Webhooks, and how they are", ("state",), {(name,): count for name, count in states.items()}),
        _one(
            "deliveries_due",
            "Deliveries that are due and have not been sent",
            await deliveries.count_due(connection),
        ),
    ]


class _Found(Collector):
    def __init__(self, found: Iterable[Metric]) -> None:
        self._found = found

    def collect(self) -> Iterable[Metric]:
        return self._found


def _one(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(f"bulkhead_{name}", told + SAME_FROM_ALL, value)


def _many(name: str, told: str, labels: tuple[str, ...], values: Mapping[Any, float]) -> Metric:
    family = GaugeMetricFamily(f"bulkhead_{name}", told + SAME_FROM_ALL, labels=labels)
    for of, value in values.items():
        family.add_metric(of, value)
    return family
