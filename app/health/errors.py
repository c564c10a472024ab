from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Literal

from app import revisions
from app.errors import RETRY_AFTER_SECONDS, AppError, Problem


class NotReadyProblem(Problem, frozen=True, kw_only=True):
    """How each thing is that requests need; `migrations` is null where Postgres does not tell."""

    postgres: Literal["ok", "away"]
    redis: Literal["ok", "away"]
    migrations: revisions.State | None


class NotReady(AppError):
    """Requests cannot be served now: Postgres is away, or its schema is older than this code."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "not_ready"
    problem = NotReadyProblem
    example: Mapping[str, Any] = {"postgres": "away", "redis": "ok", "migrations": None}

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(RETRY_AFTER_SECONDS)}
