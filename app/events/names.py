"""What can happen that others are told of: the types of events, with a sentence each."""

from typing import Final, Literal

Name = Literal[
    "ticket.created",
    "ticket.updated",
    "ticket.deleted",
    "ticket.restored",
    "ticket.commented",
    "ticket.breached",
    "ticket.approval_requested",
    "ticket.approved",
    "ticket.rejected",
    "ticket.fulfilled",
    "inventory.low",
    "job.completed",
    "job.failed",
    "job.canceled",
]

SENTENCES: Final[dict[Name, str]] = {
    "ticket.created": "Someone has opened a ticket.",
    "ticket.updated": "Someone has changed a ticket; its fields are there before and after.",
    "ticket.deleted": "Someone has deleted a ticket, which can be restored.",
    "ticket.restored": "Someone has brought a deleted ticket back.",
    "ticket.commented": "Someone has commented on a ticket. The text of an internal comment is not told.",
    "ticket.breached": "A ticket's deadline has passed.",
    "ticket.approval_requested": "A request waits for somebody's decision.",
    "ticket.approved": "A request was approved.",
    "ticket.rejected": "A request was rejected, for a reason.",
    "ticket.fulfilled": "What a request asked for was handed out.",
    "inventory.low": "There is too little of a kind of cable: it has come down to what was set for it, or below.",
    "job.completed": "A bulk job has tried each of its items. One event, however many tickets it changed.",
    "job.failed": "A bulk job could not go on.",
    "job.canceled": "Someone has canceled a bulk job.",
}
