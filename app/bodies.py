import re
from typing import Any, TypeVar

import msgspec
from litestar import Request

from app.errors import InvalidRequest

T = TypeVar("T", bound=msgspec.Struct)


class StrictRequest(Request[Any, Any, Any]):
    """Reads a JSON body straight into the type that the handler declares for `data`.

    Litestar would make plain objects first and then convert them leniently: "1" would pass for 1, and a quarter of a
    million ids would exist twice.
    """

    async def json(self) -> Any:
        wanted = self.scope["route_handler"].parsed_fn_signature.parameters["data"].annotation
        return decode(await self.body(), wanted)


def decode(body: bytes, wanted: Any) -> Any:
    """Raise `InvalidRequest`, with the JSON path of what is wrong, unless `body` is a `wanted`."""
    try:
        return msgspec.json.decode(body, type=wanted)
    except msgspec.ValidationError as error:
        raise _explained(error, "$") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidRequest.at("$", f"Not valid JSON: {error}") from error
    except RecursionError as error:
        raise InvalidRequest.at("$", "Nested too deeply") from error


def from_query(wanted: type[T], **given: Any) -> T:
    """Make a struct of query parameters, None being one that was not given.

    Raises:
        InvalidRequest: they do not fit; with the name of the parameter.
    """
    names = {field.name: field.encode_name for field in msgspec.structs.fields(wanted)}
    try:
        return msgspec.convert({names[name]: value for name, value in given.items() if value is not None}, wanted)
    except msgspec.ValidationError as error:
        raise _explained(error, "query") from error


def _explained(error: msgspec.ValidationError, root: str) -> InvalidRequest:
    """Take what msgspec says apart: it quotes what the client wrote; its own path is what stands last."""
    found = re.fullmatch(r"(.*) - at `\$([^`]*)`", str(error), re.DOTALL)
    message, path = found.groups() if found else (str(error), "")
    return InvalidRequest.at(root + path, message)
