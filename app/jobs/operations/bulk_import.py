from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from app.errors import InvalidRequest
from app.imports import store as imports
from app.imports.models import import_rows
from app.jobs.operations.operation import Code, JobRequest, Operation
from app.settings import Settings


class BulkImportPayload(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    import_id: UUID


class BulkImport(JobRequest, frozen=True, kw_only=True, tag="bulk-import"):
    """Makes tickets of the rows of a file that was sent to POST /api/imports."""

    payload: BulkImportPayload

    def params(self, _: Settings) -> dict[str, Any]:
        params: dict[str, Any] = msgspec.to_builtins(self.payload)
        return params

    async def check(self, connection: AsyncConnection) -> None:
        if not await imports.can_be_run(connection, self.payload.import_id):
            raise InvalidRequest.at(
                "$.payload.importId", "There is no import with this id, or it is too old: send the file again"
            )


# The contacts of a chunk: one for each e-mail address, those that are missing made. Someone else may be making the
# same one: the update, which changes nothing, waits for that and returns its id.
_CONTACTS = """
    named as materialized (
        select distinct on (lower(contact_email)) lower(contact_email) as email, contact_email, contact_name
        from import_rows
        where id = any(:ids) and fault_code is null and contact_email is not null
        order by lower(contact_email), import_rows.id
    ),
    found as materialized (
        select contacts.id, named.email from named join contacts on lower(contacts.email) = named.email
        where lower(contacts.email) = any(array(select email from named))
    ),
    added as (
        insert into contacts (name, email)
        select coalesce(contact_name, left(contact_email, 200)), contact_email from named
        where not exists (select from found where found.email = named.email)
        order by email
        on conflict (lower(email)) do update set email = contacts.email
        returning id, lower(email) as email
    ),
    known as (select id, email from found union all select id, email from added),
"""
OPERATION = Operation(
    type="bulk-import",
    request=BulkImport,
    table=import_rows,
    codes={
        "imported": Code("succeeded", "The ticket was created."),
        "invalid": Code("failed", "The line is not fit to be a ticket."),
        "duplicate": Code(
            "failed", "There is a ticket of this line, or an earlier one or a ticket has its external id."
        ),
    },
    source=_CONTACTS,
    # No `exists`: for that, the planner likes to read all tickets into a hash table. And no `on conflict` below, which
    # takes its time for each row: where another job makes one of these tickets at this moment, the database refuses
    # the chunk, and as it is taken up again, in parts, this sees that ticket.
    # As long as the planner takes tickets for empty, which are not, looking up an external id seems to cost as much as
    # reading any index of live tickets, and it may do that for each row, until autovacuum has looked again.
    verdict="""
        case when import_rows.fault_code = 'duplicate' then 'duplicate'
             when import_rows.fault_code is not null then 'invalid'
             when (
                 select tickets.id from tickets
                 where tickets.external_id = import_rows.external_id and tickets.deleted_at is null
             ) is not null then 'duplicate'
             when (select tickets.id from tickets where tickets.id = import_rows.id) is not null then 'duplicate'
             else 'imported' end
    """,
    # What it is set back to by an undo: deleted, at the moment that the undo has for `now`.
    before="""cast('{"deletedAt": "now"}' as jsonb)""",
    change="""
        insert into tickets (id, title, description, status, priority, tags, requester_id, assignee_id, contact_id,
                             external_id, created_at, type, fields)
        select id, title, description, status, priority, tags, requester_id, assignee_id, known.contact_id,
               external_id, coalesce(created_at, now()), type, fields
        from locked join import_rows using (id)
        left join (select id as contact_id, email from known) as known on known.email = lower(contact_email)
        where import_rows.id = any(:ids) and locked.verdict = 'imported'
        order by id
        returning tickets.id, tickets.version
    """,
)
