"""Which tickets are ranked, wherever among all these are: with a nearest few that tests can go beyond."""

import pytest
from sqlalchemy import and_
from sqlalchemy.ext.asyncio import AsyncEngine

from app.reads import ConnectionReader
from app.tickets import relevance
from app.tickets.matching import MATCHES
from app.tickets.models import tickets
from tests.support.workbench import Workbench

MADE, RANKED, NEAR = 200, 5, 10


@pytest.mark.parametrize(
    "places",
    [
        pytest.param(range(MADE), id="all among the nearest"),
        pytest.param(range(0, MADE, 3), id="every third, further back"),
        pytest.param([*range(50), MADE - 1], id="fewer further back than the newest let expect"),
        pytest.param(range(50), id="none among the nearest"),
        pytest.param([20, 120, MADE - 1], id="fewer than are ranked"),
        pytest.param([], id="none"),
    ],
)
async def test_the_newest_that_match_are_ranked(
    bench: Workbench, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch, places: list[int]
) -> None:
    ids = sorted(await bench.tickets(MADE))
    matching = [ids[place] for place in places]
    await bench.execute("update tickets set title = 'Modem' where id = any(:ids)", ids=matching)
    monkeypatch.setattr(relevance, "RANKED", RANKED)
    monkeypatch.setattr(relevance, "NEAR", NEAR)
    statement = relevance.of_many(and_(MATCHES), [tickets.c.id])
    async with engine.connect() as connection:
        rows = await ConnectionReader(connection).fetch(statement, text="modem", deleted=False, limit=100, offset=0)
    assert {row[1] for row in rows if row[1]} == set(matching[-RANKED:])
    assert rows[0][0] == min(len(matching), RANKED + 1)
