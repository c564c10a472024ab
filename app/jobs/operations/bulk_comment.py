from typing import Annotated

from msgspec import Meta

from app.jobs.operations.operation import ONE_KIND_OF_TARGETS, Code, Operation, Targets, TicketsRequest
from app.text import PLAIN_TEXT


class BulkCommentPayload(Targets, frozen=True, kw_only=True):
    body: Annotated[str, Meta(min_length=1, max_length=20_000, pattern=PLAIN_TEXT, description="Markdown")]
    internal: Annotated[bool, Meta(description="For agents and admins alone")] = False


class BulkComment(TicketsRequest, frozen=True, kw_only=True, tag="bulk-comment"):
    """Adds a comment to tickets, by the admin who posts the job."""

    payload: Annotated[BulkCommentPayload, Meta(extra_json_schema=ONE_KIND_OF_TARGETS)]


_PARAMS = "cast(:params as jsonb)"
OPERATION = Operation(
    type="bulk-comment",
    request=BulkComment,
    codes={
        "commented": Code("succeeded", "The comment was added."),
        "deleted": Code("failed", "The ticket is deleted."),
        "merged": Code("failed", "The ticket was merged into another one, where what is said goes on."),
    },
    undo="bulk-uncomment",
    verdict="""
        case when tickets.deleted_at is not null then 'deleted'
             when tickets.merged_into is not null then 'merged'
             else 'commented' end
    """,
    # A comment overwrites nothing; its id is what the undo needs, and it has to be known before it is written.
    before="jsonb_build_object('commentId', uuidv7())",
    change=f"""
        insert into comments (id, ticket_id, author_id, body, internal)
        select cast(locked.before ->> 'commentId' as uuid), locked.id, jobs.requested_by,
               {_PARAMS} ->> 'body', coalesce(cast({_PARAMS} ->> 'internal' as boolean), false)
        from locked join jobs on jobs.id = :job_id
        where locked.verdict = 'commented'
        returning ticket_id as id, (select version from tickets where tickets.id = ticket_id) as version
    """,
)
