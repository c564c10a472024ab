"""What msgspec says of a value that does not fit, in words for whoever typed it."""

import re
from typing import Final

import msgspec

_WHERE: Final = re.compile(r"(.*) - at `\$([^`]*)`", re.DOTALL)
_KINDS: Final = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
_FORM: Final = "Does not have the right form, or has characters that are not allowed"
_MESSAGES: Final = (
    (r"Expected `str` of length >= 1", "Must not be empty"),
    (r"Expected `str` of length >= (\d+)", r"Must have at least \1 characters"),
    (r"Expected `str` of length <= (\d+)", r"Must have at most \1 characters"),
    (r"Expected `array` of length >= (\d+)", r"Must be at least \1 of them"),
    (r"Expected `array` of length <= (\d+)", r"Must be at most \1 of them"),
    (r"Expected `(?:int|float)` >= (\S+)", r"Must be at least \1"),
    (r"Expected `(?:int|float)` <= (\S+)", r"Must be at most \1"),
    (r"Expected `str` matching regex .*", _FORM),
    (r"Invalid (?:enum )?value (.*)", r"There is no such value: \1"),
    (r"Invalid UUID", "Must be an id"),
    (r"Invalid RFC3339 encoded datetime", "Must be a time with its zone, such as 2026-03-29T08:00:00Z"),
)
_MEANINGS: Final = [(re.compile(pattern, re.DOTALL), meaning) for pattern, meaning in _MESSAGES]
_OTHER_KIND: Final = re.compile(r"Expected `([^`]*)`, got `([^`]*)`")


def explained(error: msgspec.ValidationError) -> tuple[str, str]:
    """Return where in the value something is wrong, as `.tags[0]`, and what.

    The message may quote what someone wrote, even something that looks like a path; msgspec's own stands last.
    """
    found = _WHERE.fullmatch(str(error))
    message, path = found.groups() if found else (str(error), "")
    return path, _in_words(message)


def _in_words(message: str) -> str:
    if other := _OTHER_KIND.fullmatch(message):
        wanted, given = (" or ".join(_KINDS.get(kind, kind) for kind in kinds.split(" | ")) for kinds in other.groups())
        return f"Must be {wanted}, not {given}"
    for pattern, meaning in _MEANINGS:
        if found := pattern.fullmatch(message):
            return found.expand(meaning)
    return message
