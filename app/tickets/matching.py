"""A filter as SQL: one predicate for lists, previews and bulk jobs."""

import re
from typing import Any, Final

from msgspec import UNSET
from sqlalchemy import ARRAY, TIMESTAMP, Boolean, String, Text, TextClause, Uuid, bindparam, text

from app.tickets.filters import TicketFilter

# Plans are made for the values at hand, and what is null is folded away first: a filter on one status is planned as if
# it said nothing else. One value has a parameter of its own, because an index on (status, created_at) yields rows in
# order for a plain comparison only.
MATCHES: Final = text("""
    case when :deleted then tickets.deleted_at is not null else tickets.deleted_at is null end
    and (:status is null or tickets.status = :status)
    and (:any_status is null or tickets.status = any(:any_status))
    and (:priority is null or tickets.priority = :priority)
    and (:any_priority is null or tickets.priority = any(:any_priority))
    and (:assignee_id is null or tickets.assignee_id = :assignee_id)
    and (:any_assignee_id is null or tickets.assignee_id = any(:any_assignee_id))
    and (:requester_id is null or tickets.requester_id = :requester_id)
    and (:any_requester_id is null or tickets.requester_id = any(:any_requester_id))
    and (:contact_id is null or tickets.contact_id = :contact_id)
    and (:any_contact_id is null or tickets.contact_id = any(:any_contact_id))
    and (:any_tags is null or tickets.tags && :any_tags)
    and (:text is null or lower(tickets.title) like '%' || lower(:text) || '%' escape '/')
    and (:created_after is null or tickets.created_at >= :created_after)
    and (:created_before is null or tickets.created_at < :created_before)
    and (:updated_after is null or tickets.updated_at >= :updated_after)
    and (:updated_before is null or tickets.updated_at < :updated_before)
""").bindparams(
    bindparam("deleted", False, Boolean),
    *(bindparam(name, None, String) for name in ("status", "priority", "text")),
    *(bindparam(name, None, ARRAY(String)) for name in ("any_status", "any_priority")),
    bindparam("any_tags", None, ARRAY(Text)),
    *(bindparam(name, None, Uuid) for name in ("assignee_id", "requester_id", "contact_id")),
    *(bindparam(name, None, ARRAY(Uuid)) for name in ("any_assignee_id", "any_requester_id", "any_contact_id")),
    *(
        bindparam(name, None, TIMESTAMP(timezone=True))
        for name in ("created_after", "created_before", "updated_after", "updated_before")
    ),
)

_FIELDS: Final = [name for name in TicketFilter.__struct_fields__ if name not in {"deleted", "view"}]


def matching(wanted: TicketFilter, *, deleted: bool) -> TextClause:
    """Return the predicate over `tickets`; `deleted` is what a filter means that does not say."""
    return MATCHES.bindparams(**values_of(wanted, deleted=deleted))


def values_of(wanted: TicketFilter, *, deleted: bool) -> dict[str, Any]:
    """Return the parameters of `MATCHES` that are not null: several values of a field as `any_<name>`."""
    values: dict[str, Any] = {"deleted": deleted if wanted.deleted is UNSET else wanted.deleted}
    for name in _FIELDS:
        value = getattr(wanted, name)
        if value is not UNSET:
            values[f"any_{name}" if isinstance(value, list) else name] = value
    if "tags" in values:
        values["any_tags"] = [values.pop("tags")]
    if "text" in values:
        values["text"] = re.sub(r"([%_/])", r"/\1", values["text"])
    return values
