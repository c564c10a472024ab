from http import HTTPStatus

from app.errors import AppError, NotFound


class UnknownLink(NotFound):
    """There is no such link: open the one in the message as it stands there."""


class AlreadyDecided(AppError):
    """It has been decided on this request, or nobody has to decide on it any more."""

    status = HTTPStatus.GONE
    code = "already_decided"


class LinkExpired(AppError):
    """This link has expired, or is not yours to use any more: log in to decide."""

    status = HTTPStatus.GONE
    code = "link_expired"
