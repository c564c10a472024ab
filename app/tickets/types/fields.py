"""The fields that tickets have by their type: read when they are written, and looked for by filters."""

from typing import TYPE_CHECKING, Annotated, Any, Final, cast

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType, defstruct, inspect

from app import wording
from app.errors import InvalidRequest
from app.text import PLAIN_TEXT, is_number
from app.tickets.types.registry import TYPES
from app.tickets.types.ticket_type import Fields, TicketType

_Text = Annotated[str, Meta(min_length=1, max_length=2_000, pattern=PLAIN_TEXT)]
_Number = Annotated[int, Meta(ge=-(2**53) + 1, le=2**53 - 1)]

# Of every type, by the names that they have in JSON: whether it is a number.
NAMES: Final = {
    field.encode_name: is_number(field.type)
    for type_ in TYPES.values()
    for field in cast(inspect.StructType, inspect.type_info(type_.fields)).fields
}

if TYPE_CHECKING:
    SoughtFields = Struct
else:
    SoughtFields = defstruct(
        "SoughtFields",
        [(name, (_Number if is_numeric else _Text) | UnsetType, UNSET) for name, is_numeric in NAMES.items()],
        frozen=True,
        kw_only=True,
        forbid_unknown_fields=True,
    )


def read(type_: TicketType, given: Any) -> Fields:
    """Raise `InvalidRequest`, with the path of what is wrong, unless `given` is what a type of ticket has."""
    try:
        return msgspec.convert(given, type_.fields)
    except msgspec.ValidationError as error:
        path, message = wording.explained(error)
        raise InvalidRequest.at(f"$.fields{path}", message) from error


def in_order(type_: TicketType, fields: dict[str, Any]) -> dict[str, Any]:
    """Return a ticket's fields as its type lists them: Postgres keeps no order."""
    listed = msgspec.structs.fields(type_.fields)
    return {field.encode_name: fields[field.encode_name] for field in listed if field.encode_name in fields}


def schema_of(type_: TicketType) -> dict[str, Any]:
    """Return the JSON Schema of a type's fields, which refers to nothing outside of it."""
    _, schemas = msgspec.json.schema_components([type_.fields])
    schema: dict[str, Any] = schemas[type_.fields.__name__]
    return schema
