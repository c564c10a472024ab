from app.jobs.operations.operation import Code, Operation, TicketsRequest


class BulkDelete(TicketsRequest, frozen=True, kw_only=True, tag="bulk-delete"):
    """Deletes tickets, softly: they can be restored until they are purged."""


OPERATION = Operation(
    type="bulk-delete",
    request=BulkDelete,
    codes={
        "deleted": Code("succeeded", "The ticket was deleted."),
        "already_deleted": Code("failed", "The ticket had been deleted before."),
    },
    verdict="case when tickets.deleted_at is null then 'deleted' else 'already_deleted' end",
    change="""
        update tickets
        set deleted_at = clock_timestamp(), deleted_by_job = :job_id,
            updated_at = clock_timestamp(), version = tickets.version + 1
        where tickets.id = any(array(select id from locked where verdict = 'deleted'))
        returning tickets.id, tickets.version
    """,
)
