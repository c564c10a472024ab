from uuid import UUID

import msgspec


class Letter(msgspec.Struct, frozen=True):
    """A message to one person, as text and as HTML."""

    id: UUID
    to: str
    subject: str  # one line
    text: str
    html: str
    thread: str  # what messages on the same subject have in common
