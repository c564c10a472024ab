"""Takes a replica at its word, or keeps to itself how far the log is."""

from app.http.positions import Positions
from app.replica import Replica
from tests.chaos.variants.replacing import nothing, replace


def believes_the_replica() -> None:
    """Read from it however far it is."""
    for waits in ("_comes", "admit"):
        replace(Replica, waits, nothing)


def does_not_say_what_was_written() -> None:
    """Leave it to whoever has written to ask for what is newest."""
    replace(Positions, "_after_writing", nothing)
