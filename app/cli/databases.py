from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from app.cli.errors import CliError


@contextmanager
def complaining() -> Iterator[None]:
    """Turn what a database refuses, or its absence, into one line."""
    try:
        yield
    except DBAPIError as error:
        raise CliError(f"the database refused: {str(error.orig).splitlines()[0]}") from error
    except (OSError, TimeoutError) as error:
        raise CliError(f"the database does not answer: {error}") from error
