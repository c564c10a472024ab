from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta
from sqlalchemy import ColumnElement, func

Moment = Annotated[datetime, Meta(tz=True, description="ISO 8601, with its offset from UTC")]


def days(count: int) -> ColumnElement[Any]:
    """Return an interval for SQL."""
    return func.make_interval(0, 0, 0, count)
