"""What scenarios need and not every machine has."""


class NotHere(Exception):
    """A scenario cannot be played on this machine; it says why."""
