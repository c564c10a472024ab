from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType, structs
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts import store as users
from app.errors import InvalidRequest
from app.inventory import ledger
from app.jobs.operations.operation import ONE_KIND_OF_TARGETS, Code, Operation, Targets, TicketsRequest
from app.tickets import status as ticket_status
from app.tickets.models import Priority, Tag
from app.tickets.types import registry as ticket_types

Tags = Annotated[list[Tag], Meta(min_length=1, max_length=20)]


class BulkUpdatePayload(Targets, frozen=True, kw_only=True):
    status: ticket_status.Status | UnsetType = UNSET
    priority: Priority | UnsetType = UNSET
    assignee_id: (
        Annotated[UUID | None, Meta(description="An agent or admin; null takes the assignee away")] | UnsetType
    ) = UNSET
    add_tags: Tags | UnsetType = UNSET
    remove_tags: Tags | UnsetType = UNSET

    def __post_init__(self) -> None:
        super().__post_init__()
        changes = (self.status, self.priority, self.assignee_id, self.add_tags, self.remove_tags)
        if all(change is UNSET for change in changes):
            raise ValueError("Nothing to change: give status, priority, assigneeId, addTags or removeTags")
        if self.add_tags and self.remove_tags and set(self.add_tags) & set(self.remove_tags):
            raise ValueError("`addTags` and `removeTags` have a tag in common")


SOMETHING_TO_CHANGE = {
    "anyOf": [{"required": [name]} for name in ("status", "priority", "assigneeId", "addTags", "removeTags")]
}


class BulkUpdate(TicketsRequest, frozen=True, kw_only=True, tag="bulk-update"):
    """Sets the status, priority or assignee of tickets; adds and removes tags.

    What becomes `fulfilled` takes what it asks for out of stock; a preview does not count what there is. It cannot be
    undone: what was handed out is gone.
    """

    payload: Annotated[BulkUpdatePayload, Meta(extra_json_schema=ONE_KIND_OF_TARGETS | SOMETHING_TO_CHANGE)]

    async def check(self, connection: AsyncConnection) -> None:
        assignee_id = self.payload.assignee_id
        if isinstance(assignee_id, UUID) and not await users.can_be_assigned(connection, assignee_id):
            raise InvalidRequest.at("$.payload.assigneeId", "There is no active agent or admin with this id")


_PARAMS = "cast(:params as jsonb)"
_STATUS = f"coalesce({_PARAMS} ->> 'status', tickets.status)"
_PRIORITY = f"coalesce({_PARAMS} ->> 'priority', tickets.priority)"
_ASSIGNEE = f"""
    case when {_PARAMS} ? 'assigneeId' then cast({_PARAMS} ->> 'assigneeId' as uuid) else tickets.assignee_id end
"""
# Sorted and without repeats, so that tags that stay the same are found to be the same.
_TAGS = f"""
    case when {_PARAMS} ?| array['addTags', 'removeTags'] then array(
        select tag from (
            select unnest(tickets.tags) as tag
            union select jsonb_array_elements_text({_PARAMS} -> 'addTags')
            except select jsonb_array_elements_text({_PARAMS} -> 'removeTags')
        ) as wanted order by tag collate "C"
    ) else tickets.tags end
"""
_CHANGE = f"""
    update tickets
    set status = {_STATUS}, priority = {_PRIORITY}, assignee_id = {_ASSIGNEE}, tags = {_TAGS},
        updated_at = clock_timestamp(), version = tickets.version + 1
    where tickets.id = any(array(select id from locked where verdict = 'updated' {{granted}}))
    returning tickets.id, tickets.version
"""
_OPERATION = Operation(
    type="bulk-update",
    request=BulkUpdate,
    codes={
        "updated": Code("succeeded", "The ticket was updated."),
        "unchanged": Code("succeeded", "The ticket was as wanted already."),
        "deleted": Code("failed", "The ticket is deleted."),
        "out_of_stock": Code("failed", "There was not so much of it in stock.", is_retryable=True),
        "merged": Code("failed", "The ticket was merged into another one, and stays closed."),
        "not_allowed": Code(
            "failed", "No ticket of its type goes from the status that this one has to the wanted one."
        ),
    },
    verdict=f"""
        case when tickets.deleted_at is not null then 'deleted'
             when tickets.merged_into is not null and tickets.status <> {_STATUS} then 'merged'
             when not {ticket_types.is_allowed(_STATUS)} then 'not_allowed'
             when (tickets.status, tickets.priority) = ({_STATUS}, {_PRIORITY})
                  and tickets.assignee_id is not distinct from {_ASSIGNEE}
                  and tickets.tags = {_TAGS} then 'unchanged'
             else 'updated' end
    """,
    before="""
        jsonb_build_object('status', tickets.status, 'priority', tickets.priority,
                           'assigneeId', tickets.assignee_id, 'tags', tickets.tags)
    """,
    change=_CHANGE.format(granted=""),
)
_STOCKED = ", ".join(f"'{name}'" for name in ticket_types.STOCKED)
_WANTED = " union all ".join(ticket_types.STOCKED.values())
# Tickets take from stock in the order of their positions. What they ask for is read as they are locked.
_FULFILLING = structs.replace(
    _OPERATION,
    undo=None,
    restores=f"""
        case when tickets.type in ({_STOCKED}) and tickets.status <> 'fulfilled'
             then jsonb_build_object('type', tickets.type, 'fields', tickets.fields) end
    """,
    taking=f"""
        fulfilling as materialized (
            select position, ticket_id, restores ->> 'type' as type, restores -> 'fields' as fields,
                   requested_by as actor_id
            from locked
            join unnest(:ids, :positions) as target (ticket_id, position) on target.ticket_id = locked.id
            join jobs on jobs.id = :job_id
            where verdict = 'updated' and restores is not null
        ),
        stock_wanted as materialized ({_WANTED}),
        {ledger.MOVING},
    """,
    change=_CHANGE.format(granted="and (restores is null or id in (select ticket_id from stock_moved))"),
    outcome="case when locked.verdict = 'updated' and changed.id is null then 'out_of_stock' else locked.verdict end",
)
OPERATION = structs.replace(_OPERATION, fulfilling=_FULFILLING)
