from app.errors import Conflict, TooManyRequests, Unauthorized


class WrongCredentials(Unauthorized):
    """The user name or the password is wrong."""

    code = "wrong_credentials"


class TooManyAttempts(TooManyRequests):
    """Too many attempts to log in; try again later."""

    code = "too_many_attempts"


class LastAdmin(Conflict):
    """This is the last active admin: make another one first."""

    code = "last_admin"
