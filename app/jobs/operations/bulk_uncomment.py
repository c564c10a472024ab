from app.jobs.operations.operation import Code, Operation

# Nobody posts jobs of this type: POST /api/jobs/{id}/undo makes them of a bulk-comment. A comment does not count as a
# change of its ticket, so whether it is as it was is asked of the comment alone.
OPERATION = Operation(
    type="bulk-uncomment",
    codes={
        "uncommented": Code("succeeded", "The comment was removed."),
        "conflict": Code("failed", "The comment was edited, moved or removed since the job."),
    },
    undo=None,
    source="""
        source as materialized (
            select ticket_id, cast(before ->> 'commentId' as uuid) as comment_id from job_items
            where job_id = cast(cast(:params as jsonb) ->> 'undoes' as uuid)
              and position between :source_first and :source_last
              and result = 'succeeded'
        ),
    """,
    join="""
        left join source on source.ticket_id = tickets.id
        left join comments on comments.id = any(array(select comment_id from source))
                          and comments.id = source.comment_id and comments.ticket_id = tickets.id
                          and comments.edited_at is null
    """,
    restores="source.comment_id",
    verdict="case when comments.id is not null then 'uncommented' else 'conflict' end",
    change="""
        delete from comments using locked
        where comments.id = any(array(select restores from locked where verdict = 'uncommented'))
              and comments.id = locked.restores and comments.ticket_id = locked.id and comments.edited_at is null
        returning comments.ticket_id as id, cast(null as integer) as version
    """,
    outcome="case when locked.verdict = 'uncommented' and changed.id is null then 'conflict' else locked.verdict end",
)
