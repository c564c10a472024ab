from app.counts import KEEP_SECONDS, MOST_KEPT, Counts
from app.database import COUNT_LIMIT


class Counter:
    """Counts how often it was asked to count."""

    def __init__(self, counted: int) -> None:
        self.counted = counted
        self.times = 0

    async def __call__(self) -> int:
        self.times += 1
        return self.counted


class Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


async def test_many_are_counted_once_a_second() -> None:
    clock, many = Clock(), Counter(COUNT_LIMIT + 1)
    counts = Counts(clock)
    for _ in range(3):
        assert await counts.get("open", many) == COUNT_LIMIT + 1
    assert many.times == 1
    clock.seconds = KEEP_SECONDS
    await counts.get("open", many)
    assert many.times == 2


async def test_what_is_told_exactly_is_counted_each_time() -> None:
    counts, few = Counts(Clock()), Counter(COUNT_LIMIT)
    assert [await counts.get("open", few) for _ in range(2)] == [COUNT_LIMIT] * 2
    few.counted = 7
    assert await counts.get("open", few) == 7


async def test_each_question_has_an_answer_of_its_own() -> None:
    counts, many, few = Counts(Clock()), Counter(COUNT_LIMIT + 1), Counter(3)
    assert [await counts.get("open", many), await counts.get("closed", few)] == [COUNT_LIMIT + 1, 3]


async def test_only_so_many_are_remembered() -> None:
    counts, many = Counts(Clock()), Counter(COUNT_LIMIT + 1)
    for number in range(MOST_KEPT + 1):
        await counts.get(number, many)
    await counts.get(MOST_KEPT, many)
    assert many.times == MOST_KEPT + 1
    await counts.get(0, many)
    assert many.times == MOST_KEPT + 2
