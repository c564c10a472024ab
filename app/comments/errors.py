from app.errors import Forbidden, NotFound


class NotYours(Forbidden):
    """Only who wrote a comment, or an admin, may change it."""

    code = "not_yours"


class NoSuchComment(NotFound):
    """There is no comment with this id on this ticket, or you may not see it."""
