"""A filter as SQL: one predicate for lists, previews and bulk jobs."""

from typing import Any, Final
from uuid import UUID

from msgspec import UNSET, to_builtins
from sqlalchemy import (
    ARRAY,
    TIMESTAMP,
    Boolean,
    ColumnElement,
    String,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.tickets.filters import NONE, TicketFilter
from app.tickets.models import ticket_texts, tickets

# Plans are made for the values at hand, and what is null is folded away first: a filter on one status is planned as if
# it said nothing else. One value has a parameter of its own, because an index on (status, created_at) yields rows in
# order for a plain comparison only. General tickets, which have no fields, are said to be left out: an index does, too.
MATCHES: Final = text("""
    case when :deleted then tickets.deleted_at is not null else tickets.deleted_at is null end
    and (:status is null or tickets.status = :status)
    and (:any_status is null or tickets.status = any(:any_status))
    and (:type is null or tickets.type = :type)
    and (:any_type is null or tickets.type = any(:any_type))
    and (:priority is null or tickets.priority = :priority)
    and (:any_priority is null or tickets.priority = any(:any_priority))
    and (:assignee_id is null or tickets.assignee_id = :assignee_id)
    and (:any_assignee_id is null or tickets.assignee_id = any(:any_assignee_id)
         or :or_unassigned and tickets.assignee_id is null)
    and (not :unassigned or tickets.assignee_id is null)
    and (:requester_id is null or tickets.requester_id = :requester_id)
    and (:any_requester_id is null or tickets.requester_id = any(:any_requester_id))
    and (:contact_id is null or tickets.contact_id = :contact_id)
    and (:any_contact_id is null or tickets.contact_id = any(:any_contact_id))
    and (:any_tags is null or tickets.tags && :any_tags)
    and (:fields is null or tickets.type <> 'general' and tickets.fields @> :fields)
    and (:any_sla is null
         or 'breached' = any(:any_sla) and tickets.breached
         or 'at_risk' = any(:any_sla) and not tickets.breached and tickets.due_at < now() + interval '1 hour'
         or 'ok' = any(:any_sla) and not tickets.breached and tickets.due_at >= now() + interval '1 hour')
    and (:created_after is null or tickets.created_at >= :created_after)
    and (:created_before is null or tickets.created_at < :created_before)
    and (:updated_after is null or tickets.updated_at >= :updated_after)
    and (:updated_before is null or tickets.updated_at < :updated_before)
""").bindparams(
    *(bindparam(name, False, Boolean) for name in ("deleted", "unassigned", "or_unassigned")),
    *(bindparam(name, None, String) for name in ("status", "type", "priority")),
    *(bindparam(name, None, ARRAY(String)) for name in ("any_status", "any_type", "any_priority", "any_sla")),
    bindparam("any_tags", None, ARRAY(Text)),
    bindparam("fields", None, JSONB(none_as_null=True)),
    *(bindparam(name, None, Uuid) for name in ("assignee_id", "requester_id", "contact_id")),
    *(bindparam(name, None, ARRAY(Uuid)) for name in ("any_assignee_id", "any_requester_id", "any_contact_id")),
    *(
        bindparam(name, None, TIMESTAMP(timezone=True))
        for name in ("created_after", "created_before", "updated_after", "updated_before")
    ),
)
# What is for staff alone has the weight B, as the migration says that made the documents.
DOCUMENT: Final = case(
    (bindparam("public_only", False, Boolean), func.ts_filter(ticket_texts.c.document, literal_column("'{a,c,d}'"))),
    else_=ticket_texts.c.document,
)
_WANTED: Final = bindparam("text", None, Text)
QUERY: Final = func.search_query(_WANTED)


def matches_text(document: ColumnElement[Any], wanted: Any = _WANTED) -> ColumnElement[bool]:
    return document.bool_op("@@")(func.search_query(wanted))


def _searched(wanted: Any = _WANTED) -> ColumnElement[bool]:
    """Not a line of `MATCHES`: what stands behind an `or` cannot be what a plan begins with."""
    return tickets.c.id.in_(select(ticket_texts.c.ticket_id).where(matches_text(DOCUMENT, wanted)))


SEARCHES: Final = and_(MATCHES, _searched())

_PEOPLE: Final = ("assignee_id", "requester_id")
_FIELDS: Final = [name for name in TicketFilter.__struct_fields__ if name not in {"deleted", "view"}]


def matching(wanted: TicketFilter, *, deleted: bool) -> ColumnElement[bool]:
    """Return the predicate over `tickets`; `deleted` is what a filter means that does not say."""
    values = values_of(wanted, deleted=deleted)
    searched = [_searched(values.pop("text"))] if "text" in values else []
    return and_(MATCHES.bindparams(**values), *searched)


def values_of(wanted: TicketFilter, *, deleted: bool) -> dict[str, Any]:
    """Return the parameters that are not null: several values of a field as `any_<name>`."""
    values: dict[str, Any] = {"deleted": deleted if wanted.deleted is UNSET else wanted.deleted}
    for name in _FIELDS:
        value = getattr(wanted, name)
        if value is not UNSET:
            values[f"any_{name}" if isinstance(value, list) else name] = value
    if "fields" in values:
        values["fields"] = to_builtins(values["fields"])
    for name in {"tags", "sla"} & values.keys():  # which have no parameter for one value
        values[f"any_{name}"] = [values.pop(name)]
    return values | _people_of(values)


def _people_of(values: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters that name users, as ids; nobody has none, and so a parameter of its own."""
    assignees = values.get("any_assignee_id") or []
    people: dict[str, Any] = {
        f"any_{name}": [UUID(str(user_id)) for user_id in values[f"any_{name}"] if user_id != NONE]
        for name in _PEOPLE
        if f"any_{name}" in values
    }
    people |= {name: UUID(str(values[name])) for name in _PEOPLE if values.get(name, NONE) != NONE}
    if values.get("assignee_id") == NONE:
        people |= {"assignee_id": None, "unassigned": True}
    return people | {"or_unassigned": NONE in assignees}
