from typing import Any

import msgspec
from litestar import Request

from app import wording
from app.errors import InvalidRequest


class StrictRequest(Request[Any, Any, Any]):
    """Reads a JSON body straight into the type that the handler declares for `data`.

    Litestar would make plain objects first and then convert them leniently: "1" would pass for 1, and a quarter of a
    million ids would exist twice.
    """

    async def json(self) -> Any:
        wanted = self.scope["route_handler"].parsed_fn_signature.parameters["data"].annotation
        return decode(await self.body(), wanted)


class Patch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """The base of bodies that change some fields; what is left out stays as it is."""

    def changes(self) -> dict[str, Any]:
        """Return the fields that were given; raise `InvalidRequest` if there are none."""
        given = {name: value for name, value in msgspec.structs.asdict(self).items() if value is not msgspec.UNSET}
        if not given:
            raise InvalidRequest.at("$", "Name at least one field to change")
        return given


def decode(body: bytes, wanted: Any) -> Any:
    """Raise `InvalidRequest`, with the JSON path of what is wrong, unless `body` is a `wanted`."""
    try:
        return msgspec.json.decode(body, type=wanted)
    except msgspec.ValidationError as error:
        raise refusal_of(error, "$") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidRequest.at("$", f"Not valid JSON: {error}") from error
    except RecursionError as error:
        raise InvalidRequest.at("$", "Nested too deeply") from error


def refusal_of(error: msgspec.ValidationError, root: str) -> InvalidRequest:
    path, message = wording.explained(error)
    return InvalidRequest.at(root + path, message)
