from app.errors import Conflict


class TooManyRelated(Conflict):
    """One of these tickets is related to as many others as one may be: take another relation away first."""

    code = "too_many_related"
