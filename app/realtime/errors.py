from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from app.errors import AppError, Conflict, TooManyRequests

RETRY_AFTER_SECONDS = 10  # by then, those who are there have logged in or are closed


class TooManySockets(AppError):
    """As many sockets as this server takes at a time are about to log in: try again in a few seconds."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "too_many_sockets"

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(RETRY_AFTER_SECONDS)}


class TooManySocketsOfAddress(TooManyRequests):
    """Too many sockets of your address have not logged in: log in on those, or close them, and try again."""

    code = "too_many_sockets_of_address"
    example: Mapping[str, Any] = {}

    def __init__(self) -> None:
        super().__init__(RETRY_AFTER_SECONDS)


class TooManyOpen(Conflict):
    """This socket watches as many things as one may: unsubscribe from one first."""

    code = "too_many_open"
