from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from app.jobs.operations.operation import Code, JobRequest, Operation


class BulkDeletePayload(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    ticket_ids: Annotated[list[UUID], Meta(min_length=1, description="At most MAX_TARGETS; repeated ids count once")]


class BulkDelete(JobRequest, frozen=True, kw_only=True, tag="bulk-delete"):
    payload: BulkDeletePayload


OPERATION = Operation(
    type="bulk-delete",
    codes={
        "deleted": Code("succeeded", "The ticket was deleted."),
        "already_deleted": Code("failed", "The ticket had been deleted before."),
    },
    # The code tells what `changed` did, not what `locked` saw: it is a record of the effect.
    apply="""
        locked as materialized (
            select id, deleted_at from tickets where id = any(:ids) order by id for update
        ),
        changed as (
            update tickets
            set deleted_at = clock_timestamp(), deleted_by_job = :job_id,
                updated_at = clock_timestamp(), version = version + 1
            from locked
            where tickets.id = locked.id and locked.deleted_at is null
            returning tickets.id
        ),
        outcome as (
            select locked.id as ticket_id,
                   case when changed.id is null then 'already_deleted' else 'deleted' end as code
            from locked left join changed on changed.id = locked.id
        )
    """,
)
