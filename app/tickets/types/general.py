from app.tickets.types.ticket_type import Fields, TicketType


class GeneralFields(Fields, frozen=True):
    """A question or a problem: it has no fields of its own."""


TYPE = TicketType(
    name="general",
    fields=GeneralFields,
    begins_as=("open", "in_progress", "pending", "resolved", "closed"),
    arrows={
        ("open", "in_progress"): "someone begins with it",
        ("open", "pending"): "the contact is asked before anyone begins",
        ("open", "resolved"): "the answer is known at once",
        ("open", "closed"): "there is nothing to do, as with spam and duplicates",
        ("in_progress", "open"): "whoever had begun leaves it to others",
        ("in_progress", "pending"): "work waits for the contact",
        ("in_progress", "resolved"): "the work is done",
        ("in_progress", "closed"): "the work is given up",
        ("pending", "open"): "the contact has answered, and nobody is at it",
        ("pending", "in_progress"): "the contact has answered, and work goes on",
        ("pending", "resolved"): "the contact needs nothing more",
        ("pending", "closed"): "the contact does not answer",
        ("resolved", "open"): "it is reopened, as it was not solved after all",
        ("resolved", "in_progress"): "whoever resolved it goes on with it",
        ("resolved", "closed"): "the contact agrees, or time has passed",
        ("closed", "open"): "it is reopened, and begins anew",
    },
)
