from app.lists import PagedQuery


class UserQuery(PagedQuery, frozen=True, kw_only=True):
    """What can be asked of the list of users."""
