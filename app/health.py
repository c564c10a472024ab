from typing import Literal

import msgspec
from litestar import get
from litestar.di import NamedDependency
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.openapi import problems

Engine = NamedDependency[AsyncEngine]


class Health(msgspec.Struct, frozen=True):
    status: Literal["ok"] = "ok"


@get("/api/health", exclude_from_auth=True, security=[{}], tags=["health"], responses=problems())
async def health(engine: Engine) -> Health:
    """Answer 200 when requests can be served, 503 while Postgres is away. Redis may be: it is for speed."""
    async with engine.connect() as connection:
        await connection.execute(text("select 1"))
    return Health()
