"""How a variant puts its own in place of what Bulkhead does."""

from typing import Any


def replace(owner: Any, name: str, by: Any) -> None:
    setattr(owner, name, by)


async def nothing(*_: Any, **__: Any) -> None:
    """Leave something out."""
