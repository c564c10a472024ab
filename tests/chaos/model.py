"""What each job type does to a ticket, said a second time, in Python and for one ticket.

The judge replays a ticket's history by it, so that a wrong verdict, change or record in the SQL cannot hide.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

MOVES: Final = {
    "open": {"open", "in_progress", "pending", "resolved", "closed"},
    "in_progress": {"open", "in_progress", "pending", "resolved", "closed"},
    "pending": {"open", "in_progress", "pending", "resolved", "closed"},
    "resolved": {"open", "in_progress", "resolved", "closed"},
    "closed": {"open", "closed"},
}


class Ticket(NamedTuple):
    """A ticket, as far as scenarios change it; a new one has these values, and any title."""

    version: int = 1
    is_deleted: bool = False
    deleted_by_job: UUID | None = None
    status: str = "open"
    priority: str = "normal"
    assignee_id: UUID | None = None
    tags: tuple[str, ...] = ()
    title: str | None = None

    def changed(self, **values: Any) -> "Ticket":
        return self._replace(version=self.version + 1, **values)


class Job(NamedTuple):
    id: UUID
    type: str
    params: Mapping[str, Any]


class Outcome(NamedTuple):
    """The result and code that an item must have, and the ticket as the job leaves it: None once it is purged."""

    result: str
    code: str
    ticket: Ticket | None


def _done(code: str, ticket: Ticket | None) -> Outcome:
    return Outcome("succeeded", code, ticket)


def _refused(code: str, ticket: Ticket | None) -> Outcome:
    return Outcome("failed", code, ticket)


def outcome_of(job: Job, ticket: Ticket | None, before_undone: Ticket | None, undone: Ticket | None) -> Outcome:
    """Return what a job must do with a ticket.

    The last two are for an undo: the ticket before and after the job that it undoes.
    """
    if ticket is None:
        return _refused("not_found", None)
    if job.type == "bulk-undo":
        return _undo(ticket, before_undone, undone)
    return _RULES[job.type](job, ticket)


def _delete(job: Job, ticket: Ticket) -> Outcome:
    if ticket.is_deleted:
        return _refused("already_deleted", ticket)
    return _done("deleted", ticket.changed(is_deleted=True, deleted_by_job=job.id))


def _restore(_: Job, ticket: Ticket) -> Outcome:
    if not ticket.is_deleted:
        return _refused("not_deleted", ticket)
    return _done("restored", ticket.changed(is_deleted=False, deleted_by_job=None))


def _purge(job: Job, ticket: Ticket) -> Outcome:
    if not ticket.is_deleted:
        return _refused("not_deleted", ticket)
    # Without `force` it must have been deleted for days, and no scenario lasts that long.
    return _done("purged", None) if job.params.get("force") else _refused("too_recent", ticket)


def _update(job: Job, ticket: Ticket) -> Outcome:
    if ticket.is_deleted:
        return _refused("deleted", ticket)
    wanted = ticket._replace(**_wanted(job.params, ticket))
    if wanted.status not in MOVES[ticket.status]:
        return _refused("not_allowed", ticket)
    return _done("unchanged", ticket) if wanted == ticket else _done("updated", wanted.changed())


def _wanted(params: Mapping[str, Any], ticket: Ticket) -> dict[str, Any]:
    values = {name: params[name] for name in ("status", "priority") if name in params}
    if "assigneeId" in params:
        values["assignee_id"] = params["assigneeId"] and UUID(params["assigneeId"])
    if "addTags" in params or "removeTags" in params:
        tags = {*ticket.tags, *params.get("addTags", ())} - {*params.get("removeTags", ())}
        values["tags"] = tuple(sorted(tags))
    return values


def _undo(ticket: Ticket, before_undone: Ticket | None, undone: Ticket | None) -> Outcome:
    if before_undone is None or undone is None or ticket.version != undone.version:
        return _refused("conflict", ticket)
    return _done("undone", before_undone._replace(version=ticket.version + 1))


_RULES: Final[dict[str, Callable[[Job, Ticket], Outcome]]] = {
    "bulk-delete": _delete,
    "bulk-restore": _restore,
    "bulk-purge": _purge,
    "bulk-update": _update,
}
