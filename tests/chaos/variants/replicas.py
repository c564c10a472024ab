"""Takes a replica at its word."""

from app.replica import Replica
from tests.chaos.variants.replacing import nothing, replace


def believes_the_replica() -> None:
    """Read from it however far it is."""
    replace(Replica, "admit", nothing)
