"""How far the primary and its streaming replica are, and which of the two a read may go to."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from typing import Any, Final, Literal, TypeVar

import asyncpg
import msgspec
import structlog
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.metrics import READS, REPLICA_LAG, REPLICA_LEFT_OUT
from app.outages import QUERY_CANCELED, sqlstate_of
from app.reads import Reads, Statement

PATIENCE_SECONDS: Final = 0.25  # what a read waits for the replica until the primary is asked
POLL_SECONDS: Final = 0.005
MEASURE_SECONDS: Final = 1.0
REMEMBERED: Final = 900  # measurements: the longest lag that is told is a quarter of an hour

# In bytes of log since the first of this cluster; of a server that is no replica, or none any more, null. And on which
# timeline, for each promotion begins another: a replica says so late, by minutes where it has little to do.
REPLAYED: Final = Statement(
    text("""
        select case when pg_is_in_recovery() then cast(pg_last_wal_replay_lsn() - '0/0' as bigint) end,
               min_recovery_end_timeline
        from pg_control_recovery()
    """)
)
WRITTEN: Final = Statement(
    text("""
        select cast(flushed - '0/0' as bigint),
               cast(cast('x' || left(pg_walfile_name(flushed), 8) as bit(32)) as integer)
        from pg_current_wal_flush_lsn() as flushed
    """)
)
_FAILURES: Final = (
    *(OSError, TimeoutError, PoolTimeoutError),
    *(asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, DBAPIError),
)

Why = Literal["not measured yet", "gone", "behind", "no replica", "on another timeline"]
Ask = Callable[[], Awaitable[Sequence[Any]]]  # the row of REPLAYED
Found = TypeVar("Found")

log = structlog.get_logger(__name__)


class Seen(msgspec.Struct):
    """What whoever asks has seen already, and must not see as it was before.

    position: in the log; None for all that was committed when they asked.
    has_written: whether their request has committed anything.
    shown: up to where what they are answered goes, if the replica alone has said it.
    has_read_now: whether the primary has said some of that.
    """

    position: int | None = 0
    has_written: bool = False
    shown: int | None = None
    has_read_now: bool = False


SEEN: Final = ContextVar[Seen | None]("seen", default=None)  # by whoever makes the request at hand


class Behind(Exception):
    """The replica has not come far enough in time."""


class Replica:
    """Leaves the replica out while it is gone or too far behind, and takes it back by itself.

    Several may stand behind one name, so it is each connection that is asked how far it is, before it is read from.
    That finds out soon, too, when nobody is there any more.

    Lag is the age of the first measurement of the primary that the replica has not come to. So no clocks are compared,
    and a replica of a primary with nothing to do is not late.

    A standby that was promoted may have heard less than another, which then has what the primary has not: it follows
    nobody any more, and how far it is says nothing. As long as a replica is not known to be on the primary's timeline,
    it has to be just as far as that, no less and no more.
    """

    def __init__(self, primary: Reads, probe: Reads, *, max_lag_seconds: float) -> None:
        self.left_out: Why | None = "not measured yet"
        self._primary = primary
        self._probe = probe
        self._max_lag_seconds = max_lag_seconds
        self._primary_was: deque[tuple[float, int]] = deque(maxlen=REMEMBERED)
        self._newest = 0
        self._timeline = 0
        self._replayed = 0
        self._furthest = 0
        self._looking: asyncio.Task[Sequence[Any]] | None = None
        self._was_late_at = -MEASURE_SECONDS
        self._under_way: set[asyncio.Timeout] = set()

    async def position(self) -> int:
        """Return how far the primary is: what has been committed is on its disk up to there."""
        [[self._newest, self._timeline]] = await self._primary.fetch(WRITTEN)
        return self._newest

    @property
    def lag_seconds(self) -> float:
        ahead = (at for at, position in self._primary_was if position > self._replayed)
        now = time.monotonic()
        return now - next(ahead, now)

    async def first(self, here: Callable[[], Awaitable[Found]], there: Callable[[], Awaitable[Found]]) -> Found:
        """Return what is found over the replica; where that fails, whatever the reason, what is over the primary."""
        if self.left_out is None:
            try:
                found = await self._unless_it_goes(here)
            except (Behind, *_FAILURES) as error:
                if sqlstate_of(error) == QUERY_CANCELED:  # it takes too long, and would over there
                    raise
            else:
                READS.labels("replica").inc()
                return found
        READS.labels("primary").inc()
        if (seen := SEEN.get()) is not None:
            seen.has_read_now = True
        return await there()

    async def _unless_it_goes(self, here: Callable[[], Awaitable[Found]]) -> Found:
        """Raise `TimeoutError` if the replica is found to be gone meanwhile."""
        async with asyncio.timeout(None) as limit:
            self._under_way.add(limit)
            try:
                await self._comes()
                return await here()
            finally:
                self._under_way.discard(limit)

    async def _comes(self) -> None:
        """Wait until the replica should be far enough, while others have the connections there are."""
        needed = await self._needed()
        if needed > self._furthest:
            await self._arrived(needed, self._look)

    async def _look(self) -> Sequence[Any]:
        """Ask the replica over a connection that is for that; those who ask meanwhile share the answer."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._ask())
            self._looking.add_done_callback(lambda looking: looking.cancelled() or looking.exception())
        return await asyncio.shield(self._looking)

    async def _ask(self) -> Sequence[Any]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            rows = await self._probe.fetch(REPLAYED)
        return tuple(rows[0])

    async def admit(self, ask: Ask) -> None:
        """Wait until the server that `ask` asks for REPLAYED is far enough for the request at hand.

        Raises:
            Behind: it is not in time.
            OSError: it does not say, is no replica, or none of this primary.
        """
        replayed, timeline = await self._arrived(await self._needed(), ask)
        if timeline != self._timeline:
            replayed, _ = await self._arrived(await self.position(), ask)
            if replayed > await self.position():
                raise ConnectionError("it has what the primary has not")
        if (seen := SEEN.get()) is not None:
            seen.shown = max(seen.shown or 0, replayed)

    async def _arrived(self, needed: int, ask: Ask) -> tuple[int, int]:
        """Return how far a server is, and its timeline, once it is as far as is needed."""
        now = time.monotonic()
        is_hopeless = now - self._was_late_at < MEASURE_SECONDS  # others have just waited in vain
        ends_at = now if is_hopeless else now + PATIENCE_SECONDS
        while (found := await _answer(ask))[0] < needed:
            if time.monotonic() >= ends_at:
                self._was_late_at = self._was_late_at if is_hopeless else time.monotonic()
                raise Behind
            await asyncio.sleep(POLL_SECONDS)
        self._furthest = found[0]
        return found

    async def measure(self) -> None:
        """Find out how far both are, and whether the replica is left out from now on."""
        try:
            self._note(time.monotonic(), await self.position())
            why = await self._why_not()
        except _FAILURES:
            return  # without the primary there is nothing to be late for
        was, self.left_out = self.left_out, why
        REPLICA_LAG.set(self.lag_seconds)
        REPLICA_LEFT_OUT.set(self.left_out is not None)
        if self.left_out is None and was is not None:
            log.info("replica_read_from", lag_seconds=round(self.lag_seconds, 1))
        elif self.left_out != was:
            log.warning("replica_left_out", why=self.left_out, lag_seconds=round(self.lag_seconds, 1))

    async def close(self) -> None:
        await self._probe.close()

    async def _needed(self) -> int:
        """Return how far a server has to be for the request at hand."""
        seen = SEEN.get()
        return max(self._least(), await self._seen_by(seen) if seen else 0)

    async def _seen_by(self, seen: Seen) -> int:
        """Return what has been seen. Whatever they say, nobody has seen more than there is."""
        if seen.position is None or seen.position > self._newest:
            there_is = await self.position()
            seen.position = there_is if seen.position is None else min(seen.position, there_is)
        return seen.position

    def _least(self) -> int:
        """Return where the primary was `max_lag_seconds` ago: before that nobody is taken."""
        since = time.monotonic() - self._max_lag_seconds
        return next((position for at, position in reversed(self._primary_was) if at <= since), 0)

    def _note(self, at: float, position: int) -> None:
        if self._primary_was and position < self._primary_was[-1][1]:
            self._primary_was.clear()  # another one is the primary now, which had not come as far
        self._primary_was.append((at, position))

    async def _why_not(self) -> Why | None:
        try:
            async with asyncio.timeout(MEASURE_SECONDS):
                [[replayed, _]] = await self._probe.fetch(REPLAYED)
        except _FAILURES:
            while self._under_way:  # each is told once, however long it takes to end
                self._under_way.pop().reschedule(0)
            return "gone"
        why = await self._judge(replayed)
        if why is not None:
            await self._probe.close()  # the next connection may lead to another
        return why

    async def _judge(self, replayed: int | None) -> Why | None:
        if replayed is None:
            return "no replica"
        if replayed > await self.position():
            return "on another timeline"
        self._replayed = replayed
        return "behind" if self.lag_seconds > self._max_lag_seconds else None


def note_commits(engine: AsyncEngine) -> None:
    """Have it noted of each request whether it has committed anything."""

    @event.listens_for(engine.sync_engine, "commit")
    def note(_: Connection) -> None:
        if (seen := SEEN.get()) is not None:
            seen.has_written = True


async def _answer(ask: Ask) -> tuple[int, int]:
    async with asyncio.timeout(PATIENCE_SECONDS):
        replayed, timeline = await ask()
    if replayed is None:
        raise ConnectionError("this is not a replica")
    return replayed, timeline
