from typing import Annotated, Literal

from msgspec import Meta

from app.lists import ListQuery

Sort = Literal["created", "-created"]


class CommentQuery(ListQuery, frozen=True, kw_only=True):
    """What can be asked of a ticket's comments."""

    sort: Annotated[Sort, Meta(description="With a minus sign: latest first")] = "created"
