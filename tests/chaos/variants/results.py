"""Records as done what is not."""

from msgspec import structs

from app.jobs.operations import bulk_delete, bulk_purge, bulk_undo, bulk_update
from app.jobs.operations.operation import Operation
from app.jobs.operations.registry import OPERATIONS


def _change(operation: Operation, was: str, becomes: str) -> None:
    """Have an operation write something else than it says it did."""
    assert was in operation.change
    OPERATIONS[operation.type] = structs.replace(operation, change=operation.change.replace(was, becomes))


def raises_the_version_only() -> None:
    """Record tickets as deleted, at a new version, and leave them as they were."""
    _change(bulk_delete.OPERATION, "deleted_at = clock_timestamp(), deleted_by_job = :job_id,", "")


def forgets_the_status() -> None:
    """Update all that is asked for but the status."""
    _change(bulk_update.OPERATION, f"set status = {bulk_update._STATUS}", "set status = tickets.status")


def purges_nothing() -> None:
    """Count tickets as purged that stay."""
    _change(bulk_purge.OPERATION, "delete from tickets", "update tickets set title = tickets.title")


def restores_over_newer_changes() -> None:
    """Undo what has been changed again since."""
    operation = bulk_undo.OPERATION
    verdict = operation.verdict.replace("tickets.version = source.version", "source.version is not null")
    OPERATIONS[operation.type] = structs.replace(operation, verdict=verdict)
