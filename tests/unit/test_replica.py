"""When a replica is left out, how far behind it is said to be, and which failures of it the primary makes good."""

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from app import replica as replicas
from app.reads import Statement
from app.replica import SEEN, WRITTEN, Behind, Replica, Seen
from tests.support.waiting import until

ENOUGH = 5  # looks, to see that somebody waits


class Server:
    """Says how far it is."""

    def __init__(self) -> None:
        self.position: int | Exception | None = 100
        self.timeline = 1
        self.asked = self.left = 0

    async def fetch(self, statement: Statement, **_: Any) -> list[list[Any]]:
        assert statement in {WRITTEN, replicas.REPLAYED}
        self.asked += 1
        if isinstance(self.position, Exception):
            raise self.position
        return [[self.position, self.timeline]]

    async def close(self) -> None:
        self.left += 1


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(replicas, "time", clock)
    return clock


@pytest.fixture
def primary() -> Server:
    return Server()


@pytest.fixture
def standby() -> Server:
    return Server()


@pytest.fixture
def replica(primary: Server, standby: Server) -> Replica:
    return Replica(primary, standby, max_lag_seconds=10)  # type: ignore[arg-type]


async def measured(replica: Replica, clock: Clock, seconds: int) -> str | None:
    for _ in range(seconds):
        clock.now += 1
        await replica.measure()
    return replica.left_out


async def test_one_that_is_there_is_read_from_only_once_it_was_measured(replica: Replica, clock: Clock) -> None:
    assert replica.left_out == "not measured yet"
    assert await measured(replica, clock, 1) is None


async def test_one_of_an_idle_primary_is_never_late(replica: Replica, clock: Clock) -> None:
    assert await measured(replica, clock, 10_000) is None
    assert replica.lag_seconds == 0


async def test_lag_is_how_long_the_primary_has_been_further(replica: Replica, clock: Clock, primary: Server) -> None:
    await measured(replica, clock, 5)
    primary.position = 200
    assert await measured(replica, clock, 11) is None
    assert replica.lag_seconds == 10
    assert await measured(replica, clock, 1) == "behind"


async def test_of_several_behind_a_name_another_may_be_met_once_one_is_of_no_use(
    replica: Replica, clock: Clock, primary: Server, standby: Server
) -> None:
    await measured(replica, clock, 5)
    assert standby.left == 0
    primary.position = 200
    await measured(replica, clock, 12)
    assert standby.left == 1


async def test_one_that_has_what_the_primary_has_not_follows_another(
    replica: Replica, clock: Clock, primary: Server, standby: Server
) -> None:
    await measured(replica, clock, 1)
    primary.timeline, primary.position = 2, 90
    assert await measured(replica, clock, 1) == "on another timeline"
    standby.position = 90
    assert await measured(replica, clock, 1) is None


async def test_it_is_back_as_soon_as_it_has_caught_up(
    replica: Replica, clock: Clock, primary: Server, standby: Server
) -> None:
    primary.position = 200
    with capture_logs() as logs:
        await measured(replica, clock, 20)
        standby.position = 200
        assert await measured(replica, clock, 1) is None
        standby.position = ConnectionRefusedError()
        assert await measured(replica, clock, 20) == "gone"
        standby.position = 200
        assert await measured(replica, clock, 1) is None
    events = [(entry["event"], entry.get("why")) for entry in logs]
    used, out = ("replica_read_from", None), "replica_left_out"
    assert events == [used, (out, "behind"), used, (out, "gone"), used]


async def test_a_server_that_follows_nobody_is_no_replica(replica: Replica, clock: Clock, standby: Server) -> None:
    standby.position = None
    assert await measured(replica, clock, 1) == "no replica"
    assert REGISTRY.get_sample_value("bulkhead_replica_left_out") == 1


async def test_a_primary_that_is_away_says_nothing_of_the_replica(
    replica: Replica, clock: Clock, primary: Server
) -> None:
    await measured(replica, clock, 1)
    primary.position = ConnectionRefusedError()
    assert await measured(replica, clock, 60) is None


async def test_another_primary_that_had_not_come_as_far_begins_anew(
    replica: Replica, clock: Clock, primary: Server, standby: Server
) -> None:
    primary.position = 1000
    await measured(replica, clock, 5)
    primary.position = standby.position = 150
    assert await measured(replica, clock, 60) is None
    assert replica.lag_seconds == 0


@pytest.mark.parametrize(
    "failure",
    [Behind(), ConnectionResetError(), TimeoutError(), asyncpg.SerializationError(), asyncpg.UndefinedTableError()],
)
async def test_what_fails_over_there_the_primary_makes_good(replica: Replica, failure: Exception) -> None:
    await replica.measure()

    async def fail() -> str:
        raise failure

    with asking() as seen:
        assert await replica.first(fail, found) == "found"
    assert seen.has_read_now


async def test_what_takes_too_long_over_there_is_not_tried_again(replica: Replica) -> None:
    await replica.measure()

    async def fail() -> str:
        raise asyncpg.QueryCanceledError

    with pytest.raises(asyncpg.QueryCanceledError):
        await replica.first(fail, found)


async def test_nobody_waits_for_one_that_has_gone(replica: Replica, standby: Server) -> None:
    await replica.measure()
    reading = asyncio.create_task(replica.first(asyncio.Event().wait, found))
    await asyncio.sleep(0)
    standby.position = TimeoutError()
    await replica.measure()
    assert await reading == "found"


async def test_who_waits_keeps_nobody_from_the_connections_there_are(
    replica: Replica, primary: Server, standby: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replicas, "PATIENCE_SECONDS", 60)
    await replica.measure()
    primary.position, before, went = 200, primary.asked, asyncio.Event()

    async def here() -> str:
        went.set()
        return "here"

    with asking(None):
        reading = [asyncio.create_task(replica.first(here, found)) for _ in range(100)]
    await until(lambda: standby.asked > ENOUGH)
    assert not went.is_set()
    assert primary.asked == before + 1
    standby.position = 200
    assert set(await asyncio.gather(*reading)) == {"here"}


async def test_who_takes_long_to_leave_one_that_has_gone_is_told_once(replica: Replica, standby: Server) -> None:
    await replica.measure()
    has_left = asyncio.Event()

    async def here() -> str:
        try:
            await asyncio.Event().wait()
        finally:
            await has_left.wait()
        return "never"

    reading = asyncio.create_task(replica.first(here, found))
    await asyncio.sleep(0)
    standby.position = TimeoutError()
    for _ in range(2):
        await replica.measure()
        await asyncio.sleep(0)
    has_left.set()
    assert await reading == "found"


@contextlib.contextmanager
def asking(position: int | None = 0) -> Iterator[Seen]:
    token = SEEN.set(seen := Seen(position))
    yield seen
    SEEN.reset(token)


async def found() -> str:
    return "found"


async def test_nobody_is_taken_to_before_what_the_limit_allows(replica: Replica, clock: Clock, primary: Server) -> None:
    await measured(replica, clock, 1)
    primary.position = 200
    await measured(replica, clock, 11)
    with pytest.raises(Behind):
        await admitted(replica, clock, 100, 100)
    with pytest.raises(Behind):  # somebody has just waited in vain, so nobody waits
        await admitted(replica, clock, 100, 200)
    clock.now += 1
    await admitted(replica, clock, 100, 200)


async def test_whoever_asks_waits_for_what_they_have_seen(replica: Replica, clock: Clock, primary: Server) -> None:
    for wanted in (300, None, 2**64 - 1):  # nobody has seen more than there is
        primary.position = 300
        with asking(wanted) as seen:
            await admitted(replica, clock, 100, 200, 350)
        assert seen.shown == 350


async def test_what_was_shown_stays_shown_whatever_another_says(replica: Replica, clock: Clock) -> None:
    await measured(replica, clock, 1)
    with asking() as seen:
        for position in (200, 150):
            await admitted(replica, clock, position)
        assert seen.shown == 200


@pytest.mark.parametrize(("position", "refusal"), [(100, None), (110, Behind), (90, ConnectionError)])
async def test_one_that_may_be_on_another_timeline_has_to_be_as_far_as_the_primary_no_less_and_no_more(
    replica: Replica, clock: Clock, primary: Server, position: int, refusal: type[Exception] | None
) -> None:
    await measured(replica, clock, 1)
    primary.timeline, primary.position = 2, position
    await replica.position()
    with pytest.raises(refusal) if refusal else contextlib.nullcontext():
        await admitted(replica, clock, 100, 100)
    await admitted(replica, clock, 100, timeline=2)


async def admitted(replica: Replica, clock: Clock, *positions: int, timeline: int = 1) -> None:
    """Ask a replica that is at one position after the other; there is no time for more."""
    told = list(positions)

    async def ask() -> tuple[int, int]:
        if len(told) == 1:
            clock.now += replicas.PATIENCE_SECONDS
        return told.pop(0), timeline

    await replica.admit(ask)
