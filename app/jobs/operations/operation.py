from typing import Annotated, Literal

from msgspec import Meta, Struct

from app.text import PLAIN_TEXT


class Code(Struct, frozen=True):
    """What became of an item, in a word for programs and a sentence for people."""

    result: Literal["succeeded", "failed"]
    message: str


# Codes that any operation's items can end with.
NOT_FOUND = "not_found"
ERROR = "error"
_GENERAL = {
    NOT_FOUND: Code("failed", "There is no ticket with this id."),
    ERROR: Code("failed", "The database refused to change this ticket."),
}


class Operation(Struct, frozen=True, kw_only=True):
    """A type of bulk job.

    `apply` is a list of SQL common table expressions that changes the tickets `:ids` on behalf of the job `:job_id`,
    locking them in id order. The last one is `outcome(ticket_id, code)`, with a row for each ticket that exists.
    """

    type: str
    codes: dict[str, Code]
    apply: str

    def code(self, name: str) -> Code:
        return self.codes.get(name) or _GENERAL[name]

    @property
    def succeeding_codes(self) -> list[str]:
        return [name for name, code in self.codes.items() if code.result == "succeeded"]


class JobRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel", tag_field="type"):
    """What every type of job can be posted with; a type adds its tag and its `payload`."""

    @property
    def type(self) -> str:
        return str(self.__struct_config__.tag)

    reason: Annotated[str, Meta(min_length=1, max_length=500, pattern=PLAIN_TEXT)] | None = None
