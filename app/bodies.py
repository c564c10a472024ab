from typing import Any

import msgspec
from litestar import Request

from app.errors import InvalidRequest


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
        message, _, path = str(error).partition(" - at `")
        raise InvalidRequest.at(path.rstrip("`") or "$", message) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidRequest.at("$", f"Not valid JSON: {error}") from error
