"""What sockets tell of tickets, and to whom."""

from collections.abc import Coroutine, Mapping
from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid4

from redis.asyncio import Redis

from app.accounts.models import Person
from app.errors import Forbidden, NotFound
from app.reads import Reads
from app.realtime.topic import Answer, Client, Emit, Handle, with_id
from app.tasks import repeat
from app.tickets import events, store
from app.tickets.announcer import RedisAnnouncer
from app.tickets.schemas import TicketResponse
from app.tickets.service import Tickets
from app.tickets.watchers import Presence, Watchers

RECONNECT_SECONDS: Final = 0.5
REFRESH_SECONDS: Final = 1.0
PRESENCE_SECONDS: Final = 0.25


class TicketTopic:
    """Tells the sockets of one API process what Redis brings, and of tickets that are open also what Postgres has.

    What a bulk job changes is announced by nobody, one by one: who has such a ticket open learns of it as Postgres is
    asked once a second for the versions of those, and so also of what Redis lost.
    """

    def __init__(self, reads: Reads, redis: Redis, tickets: Tickets, emit: Emit) -> None:
        self._reads = reads
        self._channel = RedisAnnouncer(redis)
        self._tickets = tickets
        self._emit = emit
        self._process = uuid4()
        self._watchers = Watchers()
        self._presence = Presence()
        self._viewers_told: dict[UUID, list[Person]] = {}
        self._has_changed = False
        self.answers: Mapping[str, Handle] = {
            "ticket:subscribe": with_id("ticketId", self._subscribe),
            "ticket:unsubscribe": with_id("ticketId", self._unsubscribe),
            "ticket:typing": with_id("ticketId", self._type),
        }

    def loops(self) -> list[Coroutine[None, None, None]]:
        return [
            repeat(self._listen, RECONNECT_SECONDS),
            repeat(self._refresh, REFRESH_SECONDS),
            repeat(self._meet, PRESENCE_SECONDS),
        ]

    async def welcome(self, client: Client) -> None:
        """Let a client hear of all tickets, or of a requester's own. Who connects reads again what it shows."""
        user = client.user
        await client.enter(events.STAFF_ROOM if user.is_staff else events.requester_room(user.id))

    def note_bulk_changes(self) -> None:
        """Let staff be told, within a second, that lists of tickets are not what they were."""
        self._has_changed = True

    async def _subscribe(self, client: Client, ticket_id: UUID) -> Answer:
        """Have a ticket open; the ack has it as it is, and what follows is as new or newer."""
        ticket = await self._tickets.get(client.user, ticket_id)
        self._watchers.add(client, ticket_id, ticket.version)
        self._viewers_told.pop(ticket_id, None)  # for who comes has to be told as well
        return {"ok": True, "ticket": TicketResponse.of(ticket, seen_by=client.user)}

    async def _unsubscribe(self, client: Client, ticket_id: UUID) -> Answer:
        self._watchers.remove(client, ticket_id)
        return {"ok": True}

    async def _type(self, client: Client, ticket_id: UUID) -> Answer:
        """Let other staff who have the ticket open know; to be repeated every few seconds as long as someone writes."""
        if not client.user.is_staff:
            raise Forbidden
        if client not in self._watchers.of(ticket_id):
            raise NotFound
        await self._channel.announce(events.Typing(ticket_id, Person(client.user.id, client.user.username)))
        return {"ok": True}

    async def _listen(self) -> None:
        await self._channel.listen(self._hear)

    async def _hear(self, message: events.Message) -> None:
        match message:
            case events.Event():
                if message.name != "tickets:commented":  # which does not say what the version brought
                    self._watchers.is_news(message.payload.ticket_id, message.payload.version)
                await self._emit(message.name, message.payload, message.rooms)
            case events.ManyChanged():
                self.note_bulk_changes()
            case events.Typing(ticket_id, user):
                others = [client for client in self._watchers.staff_of(ticket_id) if client.user.id != user.id]
                await _send(others, events.TYPING, events.TypingPayload(ticket_id, user))
            case events.Viewing(process, viewers) if process != self._process:
                self._presence.hear(process, viewers)

    async def _refresh(self) -> None:
        if self._has_changed:
            self._has_changed = False
            await self._emit(events.CHANGED, events.ChangedPayload(datetime.now(UTC)), [events.STAFF_ROOM])
        for ticket, at, is_deleted in await store.find_states(self._reads, self._watchers.tickets()):
            if self._watchers.is_news(ticket.id, ticket.version):
                event = events.of("tickets:deleted" if is_deleted else "tickets:updated", ticket, at=at, by=None)
                await _send(self._watchers.of(ticket.id), event.name, event.payload)

    async def _meet(self) -> None:
        """Say who has tickets open here, and tell those of everyone who has."""
        self._watchers.remove_gone()
        viewers = self._watchers.viewers()
        if self._presence.is_due(self._process, viewers):
            self._presence.hear(self._process, viewers)
            await self._channel.announce(events.Viewing(self._process, dict(viewers)))
        now = {ticket_id: self._presence.of(ticket_id) for ticket_id in self._watchers.viewers()}
        told, self._viewers_told = self._viewers_told, now
        for ticket_id, people in now.items():
            if people != told.get(ticket_id):
                payload = events.ViewersPayload(ticket_id, people)
                await _send(self._watchers.staff_of(ticket_id), events.VIEWERS, payload)


async def _send(clients: list[Client], event: str, payload: object) -> None:
    for client in clients:
        await client.send(event, payload)
