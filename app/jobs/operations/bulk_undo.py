from app.jobs.operations.operation import Code, Operation

# Nobody posts jobs of this type: POST /api/jobs/{id}/undo makes them. What to restore is in the `before` of the items
# that are undone. A delete leaves that empty, as it overwrites nothing: its tickets were not deleted, and this says so.
_WAS_DELETED = """'{"deletedAt": null, "deletedByJob": null}'"""


def _as_it_was(field: str, column: str, type_: str) -> str:
    value = f"cast(locked.restores ->> '{field}' as {type_})"
    return f"{column} = case when locked.restores ? '{field}' then {value} else tickets.{column} end"


OPERATION = Operation(
    type="bulk-undo",
    codes={
        "undone": Code("succeeded", "The ticket is as it was before the job."),
        "conflict": Code("failed", "The ticket has changed since the job."),
    },
    source="""
        source as materialized (
            select ticket_id, before, version from job_items
            where job_id = cast(cast(:params as jsonb) ->> 'undoes' as uuid)
              and position between :source_first and :source_last
              and result = 'succeeded' and version is not null
        ),
    """,
    join="left join source on source.ticket_id = tickets.id",
    restores=f"coalesce(source.before, {_WAS_DELETED})",
    verdict="case when tickets.version = source.version then 'undone' else 'conflict' end",
    before="""
        jsonb_build_object('deletedAt', tickets.deleted_at, 'deletedByJob', tickets.deleted_by_job,
                           'status', tickets.status, 'priority', tickets.priority,
                           'assigneeId', tickets.assignee_id, 'tags', tickets.tags)
    """,
    change=f"""
        update tickets
        set {_as_it_was("deletedAt", "deleted_at", "timestamptz")},
            {_as_it_was("deletedByJob", "deleted_by_job", "uuid")},
            {_as_it_was("status", "status", "text")},
            {_as_it_was("priority", "priority", "text")},
            {_as_it_was("assigneeId", "assignee_id", "uuid")},
            tags = case when locked.restores ? 'tags'
                   then array(select jsonb_array_elements_text(locked.restores -> 'tags')) else tickets.tags end,
            updated_at = clock_timestamp(), version = tickets.version + 1
        from locked
        where tickets.id = any(:ids) and tickets.id = locked.id and locked.verdict = 'undone'
        returning tickets.id, tickets.version
    """,
)
