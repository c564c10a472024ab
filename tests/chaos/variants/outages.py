"""Takes outages wrongly."""

from typing import Any
from uuid import uuid4

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from app import database, outages, reads
from app.accounts.errors import TooManyAttempts
from app.accounts.limiter import LoginLimiter
from app.idempotency import store as keys
from app.idempotency.models import Claimed
from app.jobs.models import Job
from tests.chaos.variants.replacing import nothing, replace
from worker.lane import Lanes
from worker.sweeper import Sweeper

CREATE = "create_async_engine"


def forgets_the_tail() -> None:
    """Never look again whether a job has work that no lane is at."""
    replace(Sweeper, "sweep", nothing)


def forgets_the_key() -> None:
    """Take each request for the first with its key."""

    async def claim(*_: Any, **__: Any) -> Claimed:
        return Claimed(uuid4(), None, is_new=True)

    replace(keys, "claim", claim)


def takes_an_outage_for_a_bug() -> None:
    """Let nothing be an outage."""
    outages.is_unavailable.__code__ = (lambda _: False).__code__


def gives_up_when_cut_off() -> None:
    """Fail a job for good when a lane loses its connection in mid-chunk."""
    transact_chunk = Lanes._transact_chunk

    async def transact(*arguments: Any) -> Job | None:
        try:
            return await transact_chunk(*arguments)
        except DBAPIError as error:
            if error.connection_invalidated:
                raise RuntimeError("the connection is lost") from error
            raise

    replace(Lanes, "_transact_chunk", transact)


def locks_the_door_without_redis() -> None:
    """Let nobody log in while attempts cannot be counted."""

    async def count(*_: Any) -> None:
        raise TooManyAttempts(1)

    replace(LoginLimiter, "count", count)


def waits_for_ever() -> None:
    """Let statements, and waiting for locks, take as long as they like."""
    connect_args = database.connect_args

    def patient(application_name: str, *_: float, **options: bool) -> dict[str, Any]:
        return connect_args(application_name, 0, **options)

    for owner in (database, reads):
        replace(owner, "connect_args", patient)


def keeps_its_transaction() -> None:
    """Let a process that stands still hold on to what it has locked."""
    create_async_engine = getattr(database, CREATE)

    def create(*arguments: Any, connect_args: dict[str, Any], **options: Any) -> AsyncEngine:
        for timeout in ("idle_in_transaction_session_timeout", "transaction_timeout"):
            connect_args["server_settings"].pop(timeout)
        engine: AsyncEngine = create_async_engine(*arguments, connect_args=connect_args, **options)
        return engine

    replace(database, CREATE, create)
