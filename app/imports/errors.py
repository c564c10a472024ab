from collections.abc import Mapping
from typing import Any

from app.errors import BodyTooLarge, Conflict, InvalidRequest


class InvalidFile(InvalidRequest):
    """The file cannot be read."""

    code = "invalid_file"
    example: Mapping[str, Any] = {}


class TooManyRows(BodyTooLarge):
    """The file has more rows than one import takes: divide it."""

    code = "too_many_rows"


class ImportInUse(Conflict):
    """A job that has not ended is working on this import: cancel it first."""

    code = "import_in_use"
