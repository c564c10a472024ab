from app.lists import ListQuery


class HistoryQuery(ListQuery, frozen=True, kw_only=True):
    """What can be asked of a ticket's history."""
