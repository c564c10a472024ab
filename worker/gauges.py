"""What a worker shows of itself beside what it counts."""

from typing import Final

from prometheus_client import Gauge
from sqlalchemy.ext.asyncio import AsyncEngine

from app import database

MEASURE_SECONDS: Final = 1.0

LANES: Final = Gauge("bulkhead_lanes", "Lanes of this worker that are at work on jobs")
LANES_MAX: Final = Gauge("bulkhead_lanes_max", "Lanes that this worker may have at work on jobs")
HEARTBEAT: Final = Gauge(
    "bulkhead_worker_heartbeat_timestamp_seconds", "When this worker's loop turned last, in seconds since 1970"
)


def measure(engine: AsyncEngine) -> None:
    HEARTBEAT.set_to_current_time()
    database.measure(engine, "worker")
