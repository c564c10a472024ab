from http import HTTPStatus

from app.errors import AppError, Conflict, Problem


class VersionProblem(Problem, frozen=True, kw_only=True):
    """`version` is the ticket's at this moment."""

    version: int


class VersionMismatch(AppError):
    """The ticket has changed since the version you named in If-Match: read it again, then decide."""

    status = HTTPStatus.PRECONDITION_FAILED
    code = "version_mismatch"
    problem = VersionProblem

    def __init__(self, version: int) -> None:
        super().__init__(version=version)


class ExternalIdTaken(Conflict):
    """Another ticket has its external id by now: delete that one first."""

    code = "external_id_taken"
