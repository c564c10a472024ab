from app.errors import Forbidden, NotFound, Unauthorized
from app.sessions import cookie


class SessionOver(Unauthorized):
    """There is no session, or it has ended: log in again at POST /api/session."""

    @property
    def headers(self) -> dict[str, str]:
        return super().headers | {"Set-Cookie": cookie.REMOVED}


class NoSession(NotFound):
    """This token is not of a session, so there is nothing to end: it is good until it expires."""

    code = "no_session"


class ForeignPage(Forbidden):
    """A page of another site sent this: only our own, and those at FRONTEND_URL, may begin or refresh a session."""

    code = "foreign_page"
