from app.errors import Conflict


class ViewExists(Conflict):
    """You have a view of this name already: change that one, or take another name."""

    code = "view_exists"


class TooManyViews(Conflict):
    """You have as many views as one user may: delete one first."""

    code = "too_many_views"
