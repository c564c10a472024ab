from typing import Annotated, Any

from msgspec import Meta

from app.jobs.operations.operation import ONE_KIND_OF_TARGETS, Code, Operation, Reason, Targets, TicketsRequest
from app.settings import Settings


class BulkPurgePayload(Targets, frozen=True, kw_only=True):
    force: Annotated[bool, Meta(description="Also what was deleted less than PURGE_AFTER_DAYS ago")] = False


class BulkPurge(TicketsRequest, frozen=True, kw_only=True, tag="bulk-purge"):
    """Removes deleted tickets for good. Needs a reason, and cannot be undone."""

    payload: Annotated[BulkPurgePayload, Meta(extra_json_schema=ONE_KIND_OF_TARGETS)]
    reason: Reason

    def params(self, settings: Settings) -> dict[str, Any]:
        return super().params(settings) | {"purgeAfterDays": settings.purge_after_days}


_PARAMS = "cast(:params as jsonb)"
OPERATION = Operation(
    type="bulk-purge",
    request=BulkPurge,
    codes={
        "purged": Code("succeeded", "The ticket was removed for good."),
        "not_deleted": Code("failed", "The ticket is not deleted; only deleted tickets can be purged."),
        "too_recent": Code("failed", "The ticket was deleted too short a time ago.", is_retryable=True),
    },
    filters_deleted=True,
    undo=None,
    verdict=f"""
        case when tickets.deleted_at is null then 'not_deleted'
             when {_PARAMS} @> '{{"force": true}}' then 'purged'
             when tickets.deleted_at > now() - make_interval(days => cast({_PARAMS} ->> 'purgeAfterDays' as int))
                 then 'too_recent'
             else 'purged' end
    """,
    change="""
        delete from tickets where tickets.id = any(array(select id from locked where verdict = 'purged'))
        returning tickets.id, tickets.version
    """,
)
