from app.jobs.operations.operation import Code, Operation, TicketsRequest


class BulkRestore(TicketsRequest, frozen=True, kw_only=True, tag="bulk-restore"):
    """Brings deleted tickets back, as they were."""


OPERATION = Operation(
    type="bulk-restore",
    request=BulkRestore,
    codes={
        "restored": Code("succeeded", "The ticket was restored."),
        "not_deleted": Code("failed", "The ticket is not deleted."),
    },
    filters_deleted=True,
    verdict="case when tickets.deleted_at is null then 'not_deleted' else 'restored' end",
    before="jsonb_build_object('deletedAt', tickets.deleted_at, 'deletedByJob', tickets.deleted_by_job)",
    change="""
        update tickets
        set deleted_at = null, deleted_by_job = null, updated_at = clock_timestamp(), version = tickets.version + 1
        where tickets.id = any(array(select id from locked where verdict = 'restored'))
        returning tickets.id, tickets.version
    """,
)
