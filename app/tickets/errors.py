from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from app.errors import AppError, Conflict, Forbidden, Problem
from app.tickets.status import Status


class VersionProblem(Problem, frozen=True, kw_only=True):
    """`version` is the ticket's at this moment."""

    version: int


class TransitionProblem(Problem, frozen=True, kw_only=True):
    """`state` is the ticket's status at this moment, `allowed` are those that it may get instead."""

    state: Status
    allowed: list[Status]


class AssigneeProblem(Problem, frozen=True, kw_only=True, rename="camel"):
    """`assigneeId` is who has the ticket."""

    assignee_id: UUID


class MergedProblem(Problem, frozen=True, kw_only=True, rename="camel"):
    """`mergedInto` is the ticket to look at instead."""

    merged_into: UUID


class VersionMismatch(AppError):
    """The ticket has changed since the version you named in If-Match: read it again, then decide."""

    status = HTTPStatus.PRECONDITION_FAILED
    code = "version_mismatch"
    problem = VersionProblem
    example: Mapping[str, Any] = {"version": 4}

    def __init__(self, version: int) -> None:
        super().__init__(version=version)


class ExternalIdTaken(Conflict):
    """Another ticket has its external id by now: delete that one first."""

    code = "external_id_taken"


class TransitionNotAllowed(Conflict):
    """The ticket's status cannot become this one from what it is; `allowed` says which it can become."""

    code = "transition_not_allowed"
    problem = TransitionProblem
    example: Mapping[str, Any] = {"state": "closed", "allowed": ["open"]}

    def __init__(self, state: Status, allowed: list[Status]) -> None:
        super().__init__(state=state, allowed=allowed)


class NotTheApprover(Forbidden):
    """The ticket waits for approval: only its assignee or an admin decides on it, changes its fields or hands it on."""

    code = "not_the_approver"


class FieldsFixed(Conflict):
    """It has been decided on this request as it stands: make another one for something else."""

    code = "fields_fixed"


class TakenByAnother(Conflict):
    """Another one has this ticket: `assigneeId` says who. To hand it over, set `assigneeId` with PATCH."""

    code = "taken_by_another"
    problem = AssigneeProblem
    example: Mapping[str, Any] = {"assignee_id": UUID("01980000-0000-7000-8000-00000000000a")}

    def __init__(self, assignee_id: UUID) -> None:
        super().__init__(assignee_id=assignee_id)


class Merged(Conflict):
    """The ticket was merged into another one and stays closed: go on with the one that `mergedInto` names."""

    code = "merged"
    problem = MergedProblem
    example: Mapping[str, Any] = {"merged_into": UUID("01980000-0000-7000-8000-000000000002")}

    def __init__(self, merged_into: UUID) -> None:
        super().__init__(merged_into=merged_into)
