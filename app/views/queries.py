from app.lists import ListQuery


class ViewQuery(ListQuery, frozen=True, kw_only=True):
    """What can be asked of the list of views."""
