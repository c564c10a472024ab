from typing import Literal

from app.lists import ListQuery

Sort = Literal["created", "-created"]  # a minus sign: latest first


class CommentQuery(ListQuery, frozen=True, kw_only=True):
    """What can be asked of the list of a ticket's comments."""

    sort: Sort = "created"
