from app.errors import Conflict


class NameTaken(Conflict):
    """There is one of this name already: change that one, or take another name."""

    code = "name_taken"


class CalendarInUse(Conflict):
    """A policy counts by this calendar: give the policy another one first."""

    code = "calendar_in_use"


class TooMany(Conflict):
    """There are as many as there may be: delete one first."""

    code = "too_many"
