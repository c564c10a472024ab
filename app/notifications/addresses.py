"""Addresses that settings name: who reads them need not be a user."""

from typing import Final

from msgspec import Struct

from app.notifications.topics import Topic

REASONS: Final[dict[Topic, str]] = {
    "requested": "You get this because OPTICS_ALERT_EMAILS names this address.",
    "low_stock": "You get this because ADMIN_EMAIL is this address.",
    "created": "You get this because ADMIN_EMAIL is this address.",
}


class Addresses(Struct, frozen=True):
    """admin: told of each new ticket, and of stock that runs low. optics: told of requests for optics."""

    admin: str | None = None
    optics: tuple[str, ...] = ()

    def of(self, topic: Topic) -> tuple[str, ...]:
        """Return who is told what admins are told."""
        match topic:
            case "requested":
                return self.optics
            case "created" | "low_stock" if self.admin:
                return (self.admin,)
            case _:
                return ()
