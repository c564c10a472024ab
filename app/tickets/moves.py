"""What may become of a ticket's status, fields and assignee by hand, and by whose."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import User
from app.errors import Forbidden
from app.tickets.errors import FieldsFixed, Merged, NotTheApprover, TransitionNotAllowed, VersionMismatch
from app.tickets.models import Changed, Ticket
from app.tickets.status import Status
from app.tickets.types import fields
from app.tickets.types.registry import TYPES

LOOKED_AT: Final = {"status", "fields", "assignee_id"}


def allowed(
    user: User, ticket: Ticket, values: Mapping[str, Any], versions: frozenset[int] | None = None
) -> Mapping[str, Any]:
    """Return `values` as they are to be written to a ticket, which is locked.

    Raises:
        VersionMismatch: another version was meant.
        NotTheApprover, FieldsFixed: as they say.
        Forbidden: a requester moves a request that was approved.
        TransitionNotAllowed: no arrow leads to the status.
        Merged: the ticket was merged into another one, and stays closed.
        InvalidRequest: the fields are not those of its type.
    """
    if versions is not None and ticket.version not in versions:
        raise VersionMismatch(ticket.version)
    if TYPES[ticket.type].needs_approval:
        _check_request(user, ticket, values)
    _check_arrow(ticket, values.get("status", ticket.status))
    if "fields" not in values:
        return values
    return {**values, "fields": msgspec.to_builtins(fields.read(TYPES[ticket.type], values["fields"]))}


def may_decide(user: User, ticket: Ticket) -> bool:
    """Tell whether it is for this user to approve or reject a ticket."""
    return user.active and (user.is_admin or (user.is_staff and user.id == ticket.assignee_id))


async def follow(connection: AsyncConnection, user: User, changed: Changed) -> None:
    """Do what a change of a ticket's status brings with it, in the transaction of the change."""
    before, after = changed
    fulfill = TYPES[after.type].fulfill
    if fulfill is not None and after.status == "fulfilled" != before.status:
        await fulfill(connection, after, user)


def _check_request(user: User, ticket: Ticket, values: Mapping[str, Any]) -> None:
    """What is decided is what stands there: until then who decides may change it, and after that nobody."""
    moves = values.get("status", ticket.status) != ticket.status
    if ticket.status == "pending_approval":
        if (moves or values.keys() & {"fields", "assignee_id"}) and not may_decide(user, ticket):
            raise NotTheApprover
    elif "fields" in values:
        raise FieldsFixed
    elif moves and not user.is_staff:
        raise Forbidden("What was approved is carried on by agents and admins.")


def _check_arrow(ticket: Ticket, wanted: Status) -> None:
    if wanted == ticket.status:
        return
    if ticket.merged_into is not None:
        raise Merged(ticket.merged_into)
    targets = TYPES[ticket.type].targets(ticket.status)
    if wanted not in targets:
        raise TransitionNotAllowed(ticket.status, targets)
