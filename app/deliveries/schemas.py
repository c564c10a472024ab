from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct


class AttemptResponse(Struct, frozen=True, rename="camel"):
    at: datetime
    took_ms: int
    status_code: int | None
    error: str | None
    answer: Annotated[str | None, Meta(description="The beginning of its body, 2048 characters at most")]


class Replayed(Struct, frozen=True):
    """How many deliveries are sent once more; 10000 means that there may be more of them: ask again."""

    replayed: int
