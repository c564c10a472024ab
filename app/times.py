from datetime import UTC, datetime
from typing import Annotated, Any

from msgspec import Meta
from sqlalchemy import ColumnElement, func

DATE_TIME = "date-time"  # a parameter that a struct reads as a `Moment`: litestar itself would take "1.5" for one too
Moment = Annotated[datetime, Meta(tz=True, description="ISO 8601, with its offset from UTC")]


def in_utc(moment: datetime) -> datetime:
    """Return the same moment in UTC; raise `ValueError` for one that is there in the year 0 or 10000."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("There is no such time in UTC") from None


def days(count: int) -> ColumnElement[Any]:
    """Return an interval for SQL."""
    return func.make_interval(0, 0, 0, count)
