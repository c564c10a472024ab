"""How many tickets views match, asked for over HTTP one request after the other, beside the list of the newest tickets.

What is counted is kept for some seconds, so views that are counted anew get a `createdAfter` that they never had.
Views that search take longest; those that there was no time for are not told.
"""

import itertools
import random
import statistics
from collections import defaultdict
from typing import Any, NamedTuple

import msgspec

from tests.bench import watched_system, words
from tests.bench.databases import Database, Databases
from tests.bench.figures import Row, Target, percentile, row
from tests.bench.tickets import HALF, TWENTIETH, TWO_HUNDREDTH
from tests.bench.watched_system import WatchedSystem
from tests.bench.words import word

ROUNDS, QUICK_ROUNDS = 3, 1
ASKED, QUICK_ASKED = 200, 50
SEARCHES = 20  # as many as can be counted at once
TARGET = Target("median", "<", 100)
SEED = 5

_UNSOLVED = ["open", "in_progress", "pending"]
_USUAL = (
    *({"status": _UNSOLVED}, {"status": _UNSOLVED, "assigneeId": "none"}, {"status": "pending"}, {"sla": "breached"}),
    *({"tags": HALF}, {"tags": TWENTIETH, "status": "open"}, {"tags": TWO_HUNDREDTH, "priority": "urgent"}),
    {"assigneeId": "me", "status": _UNSOLVED},
)
_RENEW = """
    update views set filter = filter || jsonb_build_object('createdAfter', to_char(
        timestamp '2020-01-01' + make_interval(secs => $1), 'YYYY-MM-DD"T"HH24:MI:SS"Z"'
    ))
"""


class Asked(NamedTuple):
    """What one request took, and the share of the views that it told a count of."""

    milliseconds: float
    told: float


Rounds = dict[str, list[list[Asked]]]


async def measure(databases: Databases) -> list[Row]:
    times = QUICK_ASKED if databases.is_quick else ASKED
    rounds: Rounds = defaultdict(list)
    lists: list[list[float]] = []
    async with databases.copy() as database:
        databases.tell("writing texts")
        await words.write(database.connection)
        await database.settle()
        async with watched_system.running(database, has_worker=False) as system:
            paths = {case: await _saved(system, case, filters) for case, filters in _filters().items()}
            numbers = itertools.count()
            for _ in databases.rounds(ROUNDS, QUICK_ROUNDS):
                lists.append([await _list(system) for _ in range(times)])
                for case, path in paths.items():
                    anew = [await _count_anew(database, system, path, next(numbers)) for _ in range(times)]
                    rounds[f"{case}, anew"].append(anew)
                    rounds[f"{case}, kept"].append([await _count(system, path) for _ in range(times)])
    return [made for case, asked in rounds.items() for made in _rows(case, asked, lists)]


def _filters() -> dict[str, list[dict[str, Any]]]:
    chance = random.Random(SEED)
    searches = [f"{word(chance.randint(1, 50))} {word(chance.randint(1, 1_000))[:3]}" for _ in range(SEARCHES)]
    return {
        f"{len(_USUAL)} views": [*_USUAL],
        f"{SEARCHES} searches": [{"text": text, "status": _UNSOLVED} for text in searches],
    }


async def _saved(system: WatchedSystem, case: str, filters: list[dict[str, Any]]) -> str:
    """Save views with these filters; return the path that counts them."""
    ids = []
    for number, filter_ in enumerate(filters):
        answer = await system.wire.post(
            "/api/views", msgspec.json.encode({"name": f"{case}, {number}", "filter": filter_})
        )
        assert answer.status == 201, answer.body
        ids.append(answer.json()["id"])
    return "/api/views/counts?" + "&".join(f"view={view_id}" for view_id in ids)


async def _list(system: WatchedSystem) -> float:
    answer = await system.wire.get("/api/tickets")
    assert answer.status == 200, answer.body
    return answer.seconds * 1000


async def _count_anew(database: Database, system: WatchedSystem, path: str, number: int) -> Asked:
    await database.connection.execute(_RENEW, number)
    return await _count(system, path)


async def _count(system: WatchedSystem, path: str) -> Asked:
    answer = await system.wire.get(path)
    assert answer.status == 200, answer.body
    counts = answer.json()["counts"]
    return Asked(answer.seconds * 1000, sum(each["count"] is not None for each in counts) / len(counts))


def _rows(case: str, rounds: list[list[Asked]], lists: list[list[float]]) -> list[Row]:
    made = []
    for figure, percent, target in (("p50", 50, None), ("p99", 99, TARGET), ("longest", 100, None)):
        found = [percentile([each.milliseconds for each in asked], percent) for asked in rounds]
        made.append(row(case, figure, "ms", found, [percentile(each, percent) for each in lists], target))
    told = [100 * statistics.mean(each.told for each in asked) for asked in rounds]
    return [*made, row(case, "views told", "%", told)]
