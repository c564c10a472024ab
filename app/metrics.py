"""What monitoring asks a process: what it counts and times of its own work, as Prometheus reads it.

Each process counts for itself, and whoever asks adds them up. What is true of the whole system, whoever is asked, is
read when someone asks: see monitoring.py.
"""

import contextlib
import os
import platform
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
    multiprocess,
)

from app.version import VERSION

PROMETHEUS_TEXT: Final = "text/plain; version=0.0.4"
SHARED_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client looks for it when it is imported

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each: Prometheus sees a counter start again by itself

BUILD: Final = Gauge(
    "bulkhead_build_info", "Always 1; the labels say what runs", ["version", "python"], multiprocess_mode="max"
)
REDIS_LOSSES: Final = Counter(
    "bulkhead_redis_losses",
    "What had to be done without Redis: login attempts not counted, wake-ups and announcements not sent",
    ["what"],
)
IDEMPOTENCY: Final = Counter(
    "bulkhead_idempotency",
    "Requests with an Idempotency-Key: new, replayed, or refused as the key was used for another request (reused)",
    ["result"],
)
HTTP: Final = Histogram(
    "bulkhead_http_request_duration_seconds",
    "How long requests took; route is the template, not the path that was asked for",
    ["route", "method", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
SOCKETS: Final = Gauge("bulkhead_socket_connections", "Sockets that are logged in", multiprocess_mode="livesum")
SOCKET_EVENTS: Final = Counter(
    "bulkhead_socket_events", "Events sent: each once, by each process to the sockets that it has", ["event"]
)
FEED_LAG: Final = Histogram(
    "bulkhead_feed_lag_seconds",
    "From a change of a job in Postgres until its sockets are told",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
FEED_RESYNCS: Final = Counter("bulkhead_feed_resyncs", "How often the feed has read all jobs in motion from Postgres")
POOL_IN_USE: Final = Gauge(
    "bulkhead_db_pool_connections_in_use",
    "Connections to Postgres that are in use",
    ["pool"],
    multiprocess_mode="livesum",
)
POOL_MAX: Final = Gauge(
    "bulkhead_db_pool_connections_max",
    "Connections to Postgres that there may be",
    ["pool"],
    multiprocess_mode="livesum",
)
READS: Final = Counter(
    "bulkhead_reads", "Reads that a replica may answer, by who did: with DATABASE_READ_URL alone", ["from"]
)
REPLICA_LAG: Final = Gauge(
    "bulkhead_replica_lag_seconds", "How far the replica is behind the primary", multiprocess_mode="livemax"
)
REPLICA_LEFT_OUT: Final = Gauge(
    "bulkhead_replica_left_out",
    "Whether the primary answers all reads, as the replica is gone or too far behind: 1 or 0",
    multiprocess_mode="livemax",
)

BUILD.labels(VERSION, platform.python_version()).set(1)
for what in ("login_attempt", "wake_up", "announcement"):
    REDIS_LOSSES.labels(what)  # shown as 0 until there is one
for result in ("new", "replayed", "reused"):
    IDEMPOTENCY.labels(result)


@contextlib.contextmanager
def shared() -> Iterator[None]:
    """Have the processes that this one starts meanwhile count in files, so that each can show the sum of all."""
    with tempfile.TemporaryDirectory(prefix="bulkhead-metrics-", ignore_cleanup_errors=True) as folder:
        os.environ[SHARED_FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[SHARED_FOLDER]


def counted() -> bytes:
    """Return what this process has counted, and those that share its port."""
    folder = os.environ.get(SHARED_FOLDER)
    if folder is None:
        return generate_latest(REGISTRY)
    _forget_the_dead(Path(folder))
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def _forget_the_dead(folder: Path) -> None:
    """Remove the gauges of processes that are gone; what they have counted stays."""
    for file in folder.glob("gauge_live*.db"):
        pid = int(file.stem.rpartition("_")[2])
        if not _is_alive(pid):
            with contextlib.suppress(FileNotFoundError):  # as another one removed it
                multiprocess.mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
