"""Content codings: which compressed form of a file a client is sent."""

from collections.abc import Collection
from typing import Final

from litestar.types import Scope

CODINGS: Final = {"br": ".br", "gzip": ".gz"}  # and how files in them are called; the best first
AS_IT_IS: Final = "identity"

ACCEPT_ENCODING = b"accept-encoding"


def best_of(available: Collection[str], scope: Scope) -> str:
    """Return the best coding that is available and that the client takes."""
    taken = _taken(scope)
    return next((coding for coding in CODINGS if coding in available and coding in taken), AS_IT_IS)


def _taken(scope: Scope) -> set[str]:
    """Return the codings that the client names, but for those that it gives the weight 0 (RFC 9110, 12.5.3)."""
    listed = [value.decode("latin-1").split(",") for name, value in scope["headers"] if name == ACCEPT_ENCODING]
    weighed = [each.replace(" ", "").lower().partition(";q=") for line in listed for each in line]
    return {coding for coding, _, weight in weighed if not weight or weight.strip("0.")}
