from app.jobs.operations.operation import Code, Operation, TicketsRequest


class BulkDeadlines(TicketsRequest, frozen=True, kw_only=True, tag="bulk-deadlines"):
    """Works out anew when tickets are due, by the policies as they are now. Changing one posts such a job."""


# Neither the version nor `updated_at` moves, and items tell of no version: nobody has changed the ticket, so its
# history has nothing of this, and an undo of another job is not in conflict with it.
OPERATION = Operation(
    type="bulk-deadlines",
    request=BulkDeadlines,
    codes={
        "recomputed": Code("succeeded", "The ticket is due at another time now."),
        "unchanged": Code("succeeded", "The ticket is due when it was."),
    },
    undo=None,
    verdict="case when tickets.due_at is distinct from due_at_of(tickets) then 'recomputed' else 'unchanged' end",
    change="""
        update tickets
        set due_at = due_at_of(tickets),
            breached = tickets.breached
                and (due_at_of(tickets) is null or due_at_of(tickets) <= clock_timestamp())
        where tickets.id = any(array(select id from locked where verdict = 'recomputed'))
        returning tickets.id, cast(null as integer) as version
    """,
)
