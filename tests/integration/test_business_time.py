"""The database's arithmetic of business time, held against a slow model that counts minute by minute."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

MINUTE = timedelta(minutes=1)
OFFICE = [{"weekday": day, "opens": "09:00", "closes": "17:00"} for day in range(1, 6)]
ALL_DAY = [{"weekday": day, "opens": "00:00", "closes": "24:00"} for day in range(1, 8)]
BERLIN = "Europe/Berlin"

DEADLINE = "select business_deadline($4, $5, row(uuidv7(), 'Ours', $1::text, $2::jsonb, $3::date[])::calendars, $6)"


class Model:
    """Business time as one would count it on one's fingers."""

    def __init__(self, time_zone: str, hours: list[dict[str, Any]], holidays: list[date]) -> None:
        self._zone = ZoneInfo(time_zone)
        self._hours = hours
        self._holidays = holidays

    def deadline(self, since: datetime, minutes: int, pauses: list[tuple[datetime, datetime]]) -> datetime:
        """Count whole minutes; `since`, and all that opens, closes and pauses, is at the full minute."""
        at = since
        while True:
            if self._is_open(at) and not any(begin <= at < end for begin, end in pauses):
                minutes -= 1
            at += MINUTE
            if minutes == 0:
                return at

    def _is_open(self, at: datetime) -> bool:
        local = at.astimezone(self._zone)
        return local.date() not in self._holidays and any(
            self._moment(local.date(), span["opens"]) <= at < self._moment(local.date(), span["closes"])
            for span in self._hours
            if span["weekday"] == local.isoweekday()
        )

    def _moment(self, day: date, clock: str) -> datetime:
        """Return when a clock on the wall shows a time: of two such moments the later, of none the one an hour on."""
        if clock == "24:00":
            return self._moment(day + timedelta(days=1), "00:00")
        local = datetime.combine(day, time.fromisoformat(clock), self._zone)
        later = local.replace(fold=1)
        return (later if later.utcoffset() < local.utcoffset() else local).astimezone(UTC)  # type: ignore[operator]


async def deadline(
    engine: AsyncEngine,
    since: str,
    minutes: int,
    *,
    time_zone: str = BERLIN,
    hours: list[dict[str, Any]] = OFFICE,
    holidays: tuple[str, ...] = (),
) -> str | None:
    """Return when so many minutes are over, as a clock on the wall there has it."""
    zone = ZoneInfo(time_zone)
    async with engine.connect() as connection:
        found = await ask(
            connection,
            time_zone,
            hours,
            [date.fromisoformat(day) for day in holidays],
            datetime.fromisoformat(since).replace(tzinfo=zone),
            minutes,
            [],
        )
    return f"{found.astimezone(zone):%Y-%m-%d %H:%M}" if found else None


async def ask(connection: AsyncConnection, *values: Any) -> datetime | None:
    time_zone, hours, holidays, since, minutes, pauses = values
    raw = (await connection.get_raw_connection()).driver_connection
    assert isinstance(raw, asyncpg.Connection)
    ranges = [asyncpg.Range(*pause) for pause in pauses]
    encoded = msgspec.json.encode(hours).decode()
    found: datetime | None = await raw.fetchval(DEADLINE, time_zone, encoded, holidays, since, minutes, ranges)
    return found


async def test_minutes_count_while_it_is_open(engine: AsyncEngine) -> None:
    assert await deadline(engine, "2026-11-27 10:00", 60) == "2026-11-27 11:00"
    assert await deadline(engine, "2026-11-27 06:00", 60) == "2026-11-27 10:00"


async def test_what_is_not_over_by_the_evening_goes_on_after_the_weekend(engine: AsyncEngine) -> None:
    assert await deadline(engine, "2026-11-27 16:30", 60) == "2026-11-30 09:30"
    assert await deadline(engine, "2026-11-27 16:30", 30) == "2026-11-27 17:00"
    assert await deadline(engine, "2026-11-28 12:00", 1) == "2026-11-30 09:01"


async def test_holidays_do_not_count(engine: AsyncEngine) -> None:
    holidays = ("2026-12-24", "2026-12-25")
    assert await deadline(engine, "2026-12-23 16:00", 120, holidays=holidays) == "2026-12-28 10:00"


async def test_a_day_may_be_open_until_midnight_and_the_next_one_from_midnight(engine: AsyncEngine) -> None:
    night = [
        {"weekday": 5, "opens": "22:00", "closes": "24:00"},
        {"weekday": 6, "opens": "00:00", "closes": "06:00"},
    ]
    assert await deadline(engine, "2026-11-27 20:00", 180, hours=night) == "2026-11-28 01:00"
    assert await deadline(engine, "2026-11-27 20:00", 9 * 60, hours=night) == "2026-12-04 23:00"


@pytest.mark.parametrize(
    ("since", "minutes", "wanted"),
    [
        ("2026-03-29 00:00", 180, "2026-03-29 04:00"),  # 02:00 is 03:00
        ("2026-10-25 00:00", 240, "2026-10-25 03:00"),  # 03:00 is 02:00 again
    ],
)
async def test_the_hour_that_a_clock_skips_is_none_and_the_one_that_it_repeats_is_two(
    engine: AsyncEngine, since: str, minutes: int, wanted: str
) -> None:
    assert await deadline(engine, since, minutes, hours=ALL_DAY) == wanted


async def test_an_opening_within_the_hour_that_a_clock_skips_is_no_error(engine: AsyncEngine) -> None:
    hours = [{"weekday": 7, "opens": "02:30", "closes": "03:00"}, {"weekday": 7, "opens": "10:00", "closes": "11:00"}]
    assert await deadline(engine, "2026-03-29 00:00", 10, hours=hours) == "2026-03-29 10:10"


async def test_openings_that_overlap_count_once(engine: AsyncEngine) -> None:
    hours = [{"weekday": 5, "opens": "09:00", "closes": "12:00"}, {"weekday": 5, "opens": "10:00", "closes": "13:00"}]
    assert await deadline(engine, "2026-11-27 08:00", 240, hours=hours) == "2026-11-27 13:00"


async def test_there_is_no_deadline_where_a_thousand_days_have_not_so_many_minutes(engine: AsyncEngine) -> None:
    hours = [{"weekday": 5, "opens": "09:00", "closes": "09:01"}]
    assert await deadline(engine, "2026-11-27 08:00", 100, hours=hours) == "2028-10-20 09:01"
    assert await deadline(engine, "2026-11-27 08:00", 1000, hours=hours) is None


async def test_without_a_calendar_the_clock_runs_day_and_night(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        found = await connection.scalar(
            text("select business_deadline('2026-11-27T23:00Z', 2940, null, '{}') = '2026-11-30T00:00Z'")
        )
    assert found is True


CLOCKS = st.integers(0, 24 * 60).map(lambda minute: f"{minute // 60:02}:{minute % 60:02}")
SPANS = st.builds(
    lambda weekday, clocks: {"weekday": weekday, "opens": min(clocks), "closes": max(clocks)},
    st.integers(1, 7),
    st.tuples(CLOCKS, CLOCKS).filter(lambda clocks: clocks[0] != clocks[1]),
)
# About the days on which clocks are changed, and the turn of the year.
STARTS = st.builds(
    lambda day, minute: day + minute * MINUTE,
    st.sampled_from(
        [datetime(2026, *day, tzinfo=UTC) for day in ((3, 27), (10, 23), (3, 7), (10, 30), (4, 3), (12, 30))]
    ),
    st.integers(0, 3 * 24 * 60),
)
LENGTHS = st.tuples(st.integers(0, 3 * 24 * 60), st.integers(1, 24 * 60))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    time_zone=st.sampled_from([BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]),
    hours=st.lists(SPANS, min_size=1, max_size=8),
    holidays=st.lists(st.sampled_from([date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 1), date(2027, 1, 1)])),
    since=STARTS,
    minutes=st.integers(1, 600),
    lengths=st.lists(LENGTHS, max_size=3),
)
async def test_it_is_what_one_counts_minute_by_minute(
    engine: AsyncEngine,
    time_zone: str,
    hours: list[dict[str, Any]],
    holidays: list[date],
    since: datetime,
    minutes: int,
    lengths: list[tuple[int, int]],
) -> None:
    open_minutes = sum(60 * int(span["closes"][:2]) + int(span["closes"][3:]) for span in hours)
    pauses = [(since + begin * MINUTE, since + (begin + length) * MINUTE) for begin, length in lengths]
    minutes = min(minutes, max(open_minutes // 4, 1))
    async with engine.connect() as connection:
        found = await ask(connection, time_zone, hours, holidays, since, minutes, pauses)
    assert found == Model(time_zone, hours, holidays).deadline(since, minutes, pauses)
