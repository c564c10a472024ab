from http import HTTPStatus

from app.errors import AppError


class IdempotencyKeyReused(AppError):
    """This Idempotency-Key was used with another request: send a new key, or the same request."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "idempotency_key_reused"
