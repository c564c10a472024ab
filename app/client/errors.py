"""What can go wrong between a client and the API."""

from collections.abc import Mapping
from typing import Any

import msgspec


class BulkheadError(Exception):
    """The base of all that this client raises of its own."""


class Unreachable(BulkheadError):
    """The API did not answer, for as long as the client's patience lasts."""


class Interrupted(Unreachable):
    """An answer broke off."""


class UnexpectedAnswer(BulkheadError):
    """Whoever answered is no Bulkhead, or one of another time."""


class Refused(BulkheadError):
    """The API said no.

    status, code: of the answer; the code is stable, the text is for people.
    detail, errors: what it says for people, and what is wrong with the request, by JSON path.
    body: all that the answer told, such as a job's `state`.
    may_have_happened: whether an earlier try of the same request may have been heard, and its answer lost.
    """

    def __init__(self, status: int, body: Mapping[str, Any], *, retry_after: float | None = None) -> None:
        self.status = status
        self.body = body
        self.code = str(body.get("code", "unexpected_answer"))
        self.retry_after = retry_after
        self.may_have_happened = False
        self.detail = str(body.get("detail") or f"The server answered {status}, which was not expected.")
        self.errors = [f"{error.get('path')}: {error.get('message')}" for error in body.get("errors", ())]
        super().__init__(" ".join([self.detail, "; ".join(self.errors)]).strip())

    @classmethod
    def of(cls, status: int, content: bytes, retry_after: float | None) -> "Refused":
        """Read an answer, which may come from a proxy and be no JSON at all."""
        try:
            body = msgspec.json.decode(content, type=dict[str, Any])
        except msgspec.DecodeError:
            body = {}
        return cls(status, body, retry_after=retry_after)
