"""What a person is told, in words: written when it is sent, of what is true then."""

from typing import Final, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts.models import users
from app.approvals import links
from app.deliveries.models import Channel, Due, Reason
from app.notifications.models import Letter
from app.notifications.templates import Templates
from app.notifications.topics import REASONS, Topic
from app.tickets.models import tickets

SENTENCES: Final[dict[Topic, str]] = {
    "assigned": "{actor} has assigned this ticket to you.",
    "commented": "{actor} has commented on this ticket.",
    "breached": "The deadline of this ticket has passed.",
    "answered": "{actor} has answered.",
    "solved": "{actor} has solved your ticket.",
    "to_decide": "{actor} asks you to approve this request, or to reject it.",
}
DECIDED: Final = {
    "ticket.approved": "{actor} has approved your request.",
    "ticket.rejected": "{actor} has rejected your request.",
}
INTERNAL: Final = "{actor} has written an internal comment on this ticket."
SOMEONE: Final = "Someone"

_actors = users.alias("actors")


class _Facts(NamedTuple):
    email: str
    phone: str | None
    is_active: bool
    is_requester: bool
    actor: str | None
    number: int | None  # null for a ticket that is gone, or that this person may not see any more
    title: str | None


class Words(msgspec.Struct, frozen=True):
    """What a letter says, before it is put into a template."""

    subject: str
    sentence: str
    link: str
    link_text: str
    other_link: str | None = None
    other_text: str | None = None
    quote: str | None = None


class Letters:
    """Writes letters, with links to the console; `can_decide`: by which a request is decided on without a login."""

    def __init__(self, console_url: str, *, can_decide: bool = True) -> None:
        self._console_url = console_url
        self._can_decide = can_decide
        self._templates = Templates()

    async def write(self, connection: AsyncConnection, due: Due, channel: Channel) -> Letter | Reason:
        """Return the letter of a delivery to a person, or why there is none to send."""
        topic = msgspec.convert(due.topic, Topic)
        ticket_id = UUID(due.data["ticket"]["id"]) if "ticket" in due.data else None
        facts = await _facts(connection, due, ticket_id)
        if facts is None or not facts.is_active:
            return "inactive"
        if topic == "job_ended":
            words = _of_job(due, self._console_url)
        elif facts.number is None or facts.title is None or (facts.is_requester and _is_internal(due)):
            return "nothing_to_tell"
        else:
            words = _of_ticket(due, topic, facts, f"{self._console_url}/tickets/{ticket_id}")
        if topic == "to_decide" and self._can_decide:
            decisions = await self._decisions(connection, due)
            if decisions is None:
                return "nothing_to_tell"
            words = msgspec.structs.replace(words, **decisions)
        thread = str(ticket_id or due.data["jobId"])
        if channel == "sms":
            return _text_message(due, facts.phone, words, thread) if facts.phone else "no_phone"
        shown = {**msgspec.structs.asdict(words), "reason": REASONS[topic], "choose": f"{self._console_url}/account"}
        text, html = self._templates.text(shown), self._templates.html(shown)
        return Letter(id=due.id, to=facts.email, subject=words.subject, text=text, html=html, thread=thread)

    async def _decisions(self, connection: AsyncConnection, due: Due) -> dict[str, str] | None:
        """Return links by which a request is decided on, made for this letter; None once it is decided."""
        ticket_id = UUID(due.data["ticket"]["id"])
        issued = await links.issue(connection, ticket_id, due.user_id) if due.user_id else None
        if issued is None:
            return None
        return {
            "link": links.page(self._console_url, ticket_id, "approve", issued.token),
            "link_text": "Approve",
            "other_link": links.page(self._console_url, ticket_id, "reject", issued.token),
            "other_text": "Reject",
        }


def _text_message(due: Due, phone: str, words: Words, thread: str) -> Letter:
    other = f" {words.other_text}: {words.other_link}" if words.other_link else ""
    text = f"{words.subject}: {words.sentence} {words.link}{other}"
    return Letter(id=due.id, to=phone, subject=words.subject, text=text, html=None, thread=thread)


async def _facts(connection: AsyncConnection, due: Due, ticket_id: UUID | None) -> _Facts | None:
    found = (
        select(
            *(users.c.email, users.c.phone, users.c.active, users.c.role == "requester"),
            *(_actors.c.username, tickets.c.number, tickets.c.title),
        )
        .select_from(users)
        .outerjoin(_actors, _actors.c.id == due.actor_id)
        .outerjoin(tickets, and_(tickets.c.id == ticket_id, _is_visible()))
        .where(users.c.id == due.user_id)
    )
    row = (await connection.execute(found)).one_or_none()
    return _Facts(*row) if row else None


def _is_visible() -> ColumnElement[bool]:
    is_own = or_(users.c.role != "requester", tickets.c.requester_id == users.c.id)
    return tickets.c.deleted_at.is_(None) & is_own


def _of_ticket(due: Due, topic: Topic, facts: _Facts, link: str) -> Words:
    sentence = INTERNAL if _is_internal(due) else DECIDED[due.type] if topic == "decided" else SENTENCES[topic]
    return Words(
        subject=f"{_one_line(facts.title or '')} (#{facts.number})",
        sentence=sentence.format(actor=facts.actor or SOMEONE),
        link=link,
        link_text="Open the ticket",
        quote=due.data["comment"]["body"] if "comment" in due.data else due.data.get("reason"),
    )


def _is_internal(due: Due) -> bool:
    return "comment" in due.data and bool(due.data["comment"]["internal"])


def _of_job(due: Due, console_url: str) -> Words:
    job = due.data
    counts = f"{job['succeeded']:,} succeeded, {job['failed']:,} failed"
    return Words(
        subject=f"{job['type']} {job['status']}: {counts}",
        sentence=f"Your job {job['type']} has ended: {counts}, of {job['total'] or 0:,}.",
        link=f"{console_url}/jobs/{job['jobId']}",
        link_text="Open the job",
        quote=job["error"],
    )


def _one_line(text: str) -> str:
    """Return a text without ends of lines, which would begin another header."""
    return " ".join(text.split())
