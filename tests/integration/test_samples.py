"""What there is to try things with."""

import asyncio

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.cli import samples
from app.cli.commands import migrate
from app.settings import Settings


async def test_there_is_something_in_stock_and_a_list_of_optics_and_each_once(
    engine: AsyncEngine, admin: httpx.AsyncClient
) -> None:
    for _ in range(2):
        async with engine.begin() as connection:
            await samples.add(connection, tickets=3, password="a password of 1000 trees")
    items = (await admin.get("/api/inventory/on-hand")).json()["items"]
    assert len(items) == len(samples.STOCK)
    assert sum(item["onHand"] for item in items) == sum(quantity for _, quantity in samples.STOCK)
    assert (await admin.get("/api/optics-parts")).json()["parts"] == [*samples.PARTS, "Other"]


async def test_what_is_there_stays_as_it_is(engine: AsyncEngine, admin: httpx.AsyncClient) -> None:
    own = {"cableType": "Cat7", "cableGauge": "22AWG", "cableLength": "10 m"}
    await admin.post("/api/cable-receiving", json=own | {"quantity": 1})
    await admin.put("/api/optics-parts", json={"parts": ["SFP-1G"]})
    async with engine.begin() as connection:
        await samples.add(connection, tickets=0, password=None)
    [item] = (await admin.get("/api/inventory/on-hand")).json()["items"]
    assert item["cableType"] == "Cat7"
    assert (await admin.get("/api/optics-parts")).json()["parts"] == ["SFP-1G", "Other"]


@pytest.mark.parametrize(("said", "added"), [("true", samples.DEFAULT_TICKETS), ("false", 0), ("", 0)])
async def test_a_start_adds_them_where_that_is_said(
    settings: Settings, admin: httpx.AsyncClient, said: str, added: int
) -> None:
    servers = {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url}
    await asyncio.to_thread(migrate.prepare, servers | {"RUN_SEED_ON_START": said})
    assert (await admin.get("/api/tickets")).json()["pagination"]["total"] == added
