"""The API process put together: Litestar for HTTP, Socket.IO around it for what is live."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from litestar import Litestar
from litestar.config.cors import CORSConfig
from litestar.di import Provide
from litestar.middleware import DefineMiddleware
from litestar.types import ASGIApp
from sqlalchemy.ext.asyncio import AsyncEngine

from app import costly, database, policy
from app.accounts.bearer import BearerAuthentication
from app.accounts.controller import AccountController, UserController
from app.accounts.limiter import LoginLimiter
from app.accounts.origin import caller_of
from app.accounts.service import Accounts
from app.audit.controller import AuditController
from app.audit.service import Audit
from app.http import openapi, problems
from app.http.bodies import StrictRequest
from app.http.middleware import Exchanges
from app.http.paging import Cursors
from app.jobs import queue
from app.jobs.announcer import RedisAnnouncer
from app.jobs.controller import JobController
from app.jobs.intake import Intake
from app.jobs.job_types import list_job_types
from app.jobs.service import Jobs
from app.jobs.topic import JobTopic
from app.monitoring import health, metrics, probe
from app.realtime.server import Sockets
from app.settings import Settings
from app.tickets.controller import TicketController
from app.tickets.service import Tickets

MAX_BODY_BYTES = 16 * 1024 * 1024
STATEMENT_SECONDS = 8.0  # with what waiting for a connection may take, an answer comes in time
EXPOSED_HEADERS = ["ETag", "Idempotency-Replayed", "Location", "Retry-After", "X-Request-Id"]


class Services(msgspec.Struct, frozen=True):
    """What handlers ask for by name."""

    engine: AsyncEngine
    cursors: Cursors
    accounts: Accounts
    audit: Audit
    tickets: Tickets
    jobs: Jobs
    intake: Intake


HANDLERS = (
    *(health, probe, metrics),
    *(AccountController, UserController),
    AuditController,
    TicketController,
    *(JobController, list_job_types),
)


def create_app(settings: Settings) -> ASGIApp:
    """Return the ASGI application; it connects to Postgres and Redis when it first needs them."""
    engine, costly_engine = (
        database.create_engine(share, application_name="bulkhead-api", statement_seconds=STATEMENT_SECONDS)
        for share in costly.shares(settings)
    )
    costly_reads = costly.CostlyReads(costly_engine)
    redis = queue.create_redis(settings.redis_url)
    wake_ups, announcer = queue.ArqWakeUps(redis), RedisAnnouncer(redis)
    services = Services(
        engine=engine,
        cursors=Cursors(settings.jwt_secret),
        accounts=Accounts(engine, LoginLimiter(redis), settings),
        audit=Audit(engine),
        tickets=Tickets(engine, costly_reads),
        jobs=Jobs(engine, costly_reads, wake_ups, announcer, lanes_per_job=settings.job_lanes),
        intake=Intake(engine, costly_reads, wake_ups, announcer, settings),
    )
    sockets = Sockets(engine, services.accounts, settings.frontend_url)
    sockets.add(JobTopic(engine, redis, services.jobs, sockets.emit))

    @contextlib.asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        async with sockets.running():
            yield
        await redis.aclose(close_connection_pool=True)
        await database.close(engine)
        await database.close(costly_engine)

    return Exchanges(sockets.beside(create_api(settings, services, lifespan)))


def create_api(settings: Settings, services: Services, lifespan: Any = None) -> Litestar:
    """Return the HTTP side alone."""
    api = Litestar(
        route_handlers=HANDLERS,
        dependencies={
            "caller": Provide(caller_of, sync_to_thread=False),
            **{name: _providing(service) for name, service in msgspec.structs.asdict(services).items()},
        },
        guards=[policy.guard],
        middleware=[DefineMiddleware(BearerAuthentication, accounts=services.accounts)],
        exception_handlers={Exception: problems.to_response},
        request_class=StrictRequest,
        request_max_body_size=MAX_BODY_BYTES,
        cors_config=CORSConfig(
            allow_origins=[settings.frontend_url], allow_credentials=True, expose_headers=EXPOSED_HEADERS
        ),
        openapi_config=openapi.config(),
        lifespan=[lifespan] if lifespan else [],
        logging_config=None,
        debug=False,
    )
    openapi.complete(api)
    openapi.also_answers(api, "/api/jobs/{job_id}/items/export", "application/x-ndjson")
    return api


def _providing(service: Any) -> Provide:
    return Provide(lambda: service, use_cache=True, sync_to_thread=False)
