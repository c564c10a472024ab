"""The views that people have from the start, before all others."""

from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from app.accounts.models import Role
from app.tickets.status import UNSOLVED
from app.tickets.types.registry import GENERAL, TYPES
from app.views.models import View

_SINCE = datetime(2026, 1, 1, tzinfo=UTC)
_UNSOLVED = [*UNSOLVED]
_REQUESTS = [name for name in TYPES if name != GENERAL]


def _view(number: int, name: str, filter_: dict[str, Any], shared_with: tuple[Role, ...] = ("agent", "admin")) -> View:
    return View(
        id=UUID(f"01980000-0000-7000-8000-{number:012}"),
        owner_id=None,
        name=name,
        filter=filter_,
        shared_with=[*shared_with],
        columns=None,
        sort=None,
        position=number - 8,
        created_at=_SINCE,
        updated_at=_SINCE,
    )


DEFAULTS: Final = (
    _view(1, "Mine", {"assigneeId": "me", "status": _UNSOLVED}),
    _view(2, "Unassigned", {"assigneeId": "none", "status": _UNSOLVED}),
    _view(3, "Breaching", {"sla": "breached"}),
    _view(4, "All open", {"status": _UNSOLVED}),
    _view(5, "To decide", {"assigneeId": "me", "status": "pending_approval"}, ("agent",)),
    _view(6, "To decide", {"assigneeId": ["me", "none"], "status": "pending_approval"}, ("admin",)),
    _view(7, "My requests", {"requesterId": "me", "type": _REQUESTS}, ("requester", "agent", "admin")),
)
