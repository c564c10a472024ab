"""A client of Bulkhead, async and sync. It needs nothing of Bulkhead itself, and can be installed without it."""

from .async_client import AsyncClient
from .errors import BulkheadError, Interrupted, Refused, UnexpectedAnswer, Unreachable
from .models import Item, Job, JobRequest, Preview, Submitted, Update
from .sync_client import Client

__all__ = [
    "AsyncClient",
    "BulkheadError",
    "Client",
    "Interrupted",
    "Item",
    "Job",
    "JobRequest",
    "Preview",
    "Refused",
    "Submitted",
    "UnexpectedAnswer",
    "Unreachable",
    "Update",
]
