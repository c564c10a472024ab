"""What a person is told, in words: written when it is sent, of what is true then."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from app.approvals import links
from app.deliveries.models import Channel, Due, Reason
from app.notifications import addresses, lookups
from app.notifications.lookups import Facts
from app.notifications.models import Letter
from app.notifications.templates import Templates
from app.notifications.topics import REASONS, Topic

SENTENCES: Final[dict[Topic, str]] = {
    "assigned": "{actor} has assigned this ticket to you.",
    "commented": "{actor} has commented on this ticket.",
    "breached": "The deadline of this ticket has passed.",
    "answered": "{actor} has answered.",
    "solved": "{actor} has solved your ticket.",
    "to_decide": "{actor} asks you to approve this request, or to reject it.",
    "requested": "{actor} asks for optics.",
    "created": "{actor} has opened this ticket.",
}
DECIDED: Final = {
    "ticket.approved": "{actor} has approved your request.",
    "ticket.rejected": "{actor} has rejected your request.",
}
INTERNAL: Final = "{actor} has written an internal comment on this ticket."
SOMEONE: Final = "Someone"


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
        facts = await lookups.facts(connection, due, ticket_id)
        if facts is None or not facts.is_active:
            return "inactive"
        if topic == "job_ended":
            words = _of_job(due, self._console_url)
        elif topic == "low_stock":
            words = _of_stock(due.data["item"], self._console_url)
        elif facts.number is None or facts.title is None or (facts.is_requester and _is_internal(due)):
            return "nothing_to_tell"
        else:
            words = _of_ticket(due, topic, facts, f"{self._console_url}/tickets/{ticket_id}")
        if topic == "to_decide" and self._can_decide:
            decisions = await self._decisions(connection, due)
            if decisions is None:
                return "nothing_to_tell"
            words = msgspec.structs.replace(words, **decisions)
        thread = str(ticket_id or due.data.get("jobId") or due.data["item"]["id"])
        if channel == "sms":
            return _text_message(due, facts.phone, words, thread) if facts.phone else "no_phone"
        why = addresses.REASONS[topic] if due.address else REASONS[topic]
        choose = None if due.address else f"{self._console_url}/account"
        shown = {**msgspec.structs.asdict(words), "reason": why, "choose": choose}
        text, html = self._templates.text(shown), self._templates.html(shown)
        return Letter(
            id=due.id, to=facts.email, subject=words.subject, text=text, html=html, thread=thread, choose=choose
        )

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


def _of_ticket(due: Due, topic: Topic, facts: Facts, link: str) -> Words:
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


def _of_stock(item: Mapping[str, Any], console_url: str) -> Words:
    name = f"{item['cableType']} {item['cableGauge']}, {item['cableLength']}"
    return Words(
        subject=f"Low stock: {name}",
        sentence=f"There are {item['onHand']} left, and you are told from {item['lowAt']} downwards.",
        link=f"{console_url}/stock/{item['id']}",
        link_text="Open the stock",
    )


def _one_line(text: str) -> str:
    """Return a text without ends of lines, which would begin another header."""
    return " ".join(text.split())
