from urllib.parse import quote
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts import store as users
from app.approvals import store
from app.approvals.models import Link, Verb
from app.tickets import moves
from app.tickets import store as tickets


async def issue(connection: AsyncConnection, ticket_id: UUID, user_id: UUID) -> Link | None:
    """Make a link for whoever sends it; None where this user has nothing to decide, or not any more.

    To be asked for when a message is sent, and for each anew, so that its token need not be kept anywhere.
    """
    ticket, user = await tickets.find(connection, ticket_id, None), await users.find(connection, user_id)
    if ticket is None or ticket.status != "pending_approval":
        return None
    if user is None or not moves.may_decide(user, ticket):
        return None
    return await store.issue(connection, ticket_id, user_id)


def page(console_url: str, ticket_id: UUID, verb: Verb, token: str) -> str:
    """Return where the console shows what is asked for, and asks; a path where `console_url` is empty."""
    return f"{console_url}/tickets/{ticket_id}/{verb}/{quote(token, safe='')}"
