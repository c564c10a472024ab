import functools
from typing import Any

from app import openapi


@functools.cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document of the API, to be read only: it takes half a second to make."""
    return openapi.document()
