"""What operators and their monitoring ask an API process."""

from typing import Literal

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from prometheus_client import generate_latest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.http.openapi import problems, protected
from app.jobs import store
from app.metrics import JOBS

PROMETHEUS_TEXT = "text/plain"

Engine = NamedDependency[AsyncEngine]


class Health(msgspec.Struct, frozen=True):
    status: Literal["ok"] = "ok"


@get("/api/health", exclude_from_auth=True, security=[{}], tags=["health"], responses=problems())
async def health(engine: Engine) -> Health:
    """Answer 200 when requests can be served, 503 while Postgres is away. Redis may be: it is for speed."""
    return await _look(engine)


@get("/health", exclude_from_auth=True, security=[{}], tags=["health"], responses=problems())
async def probe(engine: Engine) -> Health:
    """Answer as /api/health does, where probes look by default."""
    return await _look(engine)


async def _look(engine: AsyncEngine) -> Health:
    async with engine.connect() as connection:
        await connection.execute(text("select 1"))
    return Health()


@get(
    "/api/metrics",
    tags=["health"],
    responses=protected()
    | {200: ResponseSpec(bytes, generate_examples=False, media_type=PROMETHEUS_TEXT, description="Prometheus' format")},
)
async def metrics(engine: Engine) -> Response[bytes]:
    """Show the counters of this process, and how many jobs have not ended."""
    async with engine.connect() as connection:
        for status, count in (await store.count_active(connection)).items():
            JOBS.labels(status).set(count)
    return Response(generate_latest(), media_type=PROMETHEUS_TEXT)
