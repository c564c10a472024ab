class Unplayable(Exception):
    """This machine lacks what a scenario needs; says what."""
