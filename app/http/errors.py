"""What a connection can be refused for, before any route is known."""

from http import HTTPStatus

from app.errors import AppError

RETRY_AFTER_SECONDS = 5


class RequestTimeout(AppError):
    """The request did not arrive in time: send it again, in one go."""

    status = HTTPStatus.REQUEST_TIMEOUT
    code = "request_timeout"


class HeadersTooLarge(AppError):
    """The request line and the headers together are larger than this server takes."""

    status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    code = "headers_too_large"


class TooManyConnections(AppError):
    """This server has as many connections as it takes; try again shortly."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "too_many_connections"

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(RETRY_AFTER_SECONDS)}
