from msgspec import UNSET, UnsetType

from app.lists import ListQuery
from app.tickets.status import Status


class OpticsRequestQuery(ListQuery, frozen=True, kw_only=True):
    """What can be asked of the list of requests for optics."""

    status: Status | UnsetType = UNSET
