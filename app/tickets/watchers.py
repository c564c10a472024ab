"""Who has which tickets open: in this API process, and in all of them."""

import time
from collections.abc import Callable, Collection, Mapping
from typing import Final
from uuid import UUID

from app.accounts.models import Person
from app.realtime.errors import TooManyOpen
from app.realtime.topic import Client

MAX_OPEN: Final = 50  # tickets a client
SIGN_OF_LIFE_SECONDS: Final = 2.0
SILENCE_SECONDS: Final = 6.0  # after which a process is taken for dead

Viewers = Mapping[UUID, frozenset[Person]]


class Watchers:
    """The clients of this process that have tickets open, and the version up to which they were told of each."""

    def __init__(self) -> None:
        self._clients: dict[UUID, set[Client]] = {}
        self._versions: dict[UUID, int] = {}

    def add(self, client: Client, ticket_id: UUID, version: int) -> None:
        """Note that a client has read a ticket at this version; raise `TooManyOpen` if it has MAX_OPEN others."""
        if sum(client in clients for of, clients in self._clients.items() if of != ticket_id) >= MAX_OPEN:
            raise TooManyOpen
        self._clients.setdefault(ticket_id, set()).add(client)
        self._versions.setdefault(ticket_id, version)  # what is newer, others have still to be told

    def remove(self, client: Client, ticket_id: UUID) -> None:
        self._keep(ticket_id, self._clients.get(ticket_id, set()) - {client})

    def remove_gone(self) -> None:
        for ticket_id, clients in list(self._clients.items()):
            self._keep(ticket_id, {client for client in clients if client.is_connected})

    def is_news(self, ticket_id: UUID, version: int) -> bool:
        """Tell whether a ticket's watchers have still to be told of a version; from now on they have been."""
        if version <= self._versions.get(ticket_id, version):
            return False
        self._versions[ticket_id] = version
        return True

    def of(self, ticket_id: UUID) -> list[Client]:
        return [client for client in self._clients.get(ticket_id, ()) if client.is_connected]

    def staff_of(self, ticket_id: UUID) -> list[Client]:
        return [client for client in self.of(ticket_id) if client.user.is_staff]

    def tickets(self) -> Collection[UUID]:
        return self._clients.keys()

    def viewers(self) -> Viewers:
        """Return who of the staff has which tickets open."""
        people = {
            ticket_id: frozenset(Person(client.user.id, client.user.username) for client in self.staff_of(ticket_id))
            for ticket_id in self._clients
        }
        return {ticket_id: found for ticket_id, found in people.items() if found}

    def _keep(self, ticket_id: UUID, clients: set[Client]) -> None:
        if clients:
            self._clients[ticket_id] = clients
        else:
            self._clients.pop(ticket_id, None)
            self._versions.pop(ticket_id, None)


class Presence:
    """Who has which tickets open, as each process says over and over; one that falls silent is forgotten."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._said: dict[UUID, tuple[float, Viewers]] = {}

    def hear(self, process: UUID, viewers: Viewers) -> None:
        self._said[process] = (self._clock(), viewers)

    def is_due(self, process: UUID, viewers: Viewers) -> bool:
        """Tell whether a process has something to say: what has changed, or that it still lives."""
        at, said = self._said.get(process, (0.0, {}))
        return viewers != said or (bool(viewers) and self._clock() - at >= SIGN_OF_LIFE_SECONDS)

    def of(self, ticket_id: UUID) -> list[Person]:
        now = self._clock()
        self._said = {process: said for process, said in self._said.items() if now - said[0] < SILENCE_SECONDS}
        people = {person for _, viewers in self._said.values() for person in viewers.get(ticket_id, ())}
        return sorted(people, key=lambda person: person.username)
