"""What monitoring asks a process: GET /api/metrics shows it as Prometheus reads it."""

from typing import Final

from prometheus_client import Counter, Gauge

REDIS_LOSSES: Final = Counter(
    "bulkhead_redis_losses",
    "What this process had to do without Redis: login attempts not counted, wake-ups and announcements not sent",
    ["what"],
)
JOBS: Final = Gauge("bulkhead_jobs", "Jobs that have not ended, in the whole system", ["status"])
WEBHOOKS: Final = Gauge("bulkhead_webhooks", "Webhooks, in the whole system, and how they are", ["state"])
DELIVERIES_DUE: Final = Gauge("bulkhead_deliveries_due", "Deliveries that are due and have not been sent")

for what in ("login_attempt", "wake_up", "announcement"):
    REDIS_LOSSES.labels(what)  # shown as 0 until there is one
