from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from app.lists import ListQuery
from app.times import Moment, in_utc

Action = Annotated[
    str, Meta(pattern=r"^[a-z_]+\.[a-z_]+$", max_length=32, description="As the entries have it, such as job.canceled")
]


class AuditQuery(ListQuery, frozen=True, kw_only=True):
    """Which entries someone asks for; all that is given must hold."""

    action: Action | UnsetType = UNSET
    actor_id: Annotated[UUID, Meta(description="Who acted")] | UnsetType = UNSET
    subject_id: Annotated[UUID, Meta(description="The job, user, contact or item acted upon")] | UnsetType = UNSET
    after: Annotated[Moment, Meta(description="From this time on")] | UnsetType = UNSET
    before: Annotated[Moment, Meta(description="Up to this time, exclusive")] | UnsetType = UNSET

    def __post_init__(self) -> None:
        for moment in (self.after, self.before):
            if moment is not UNSET:
                in_utc(moment)
