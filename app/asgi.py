"""The API process put together: Litestar for HTTP, around it the console's files, and Socket.IO for what is live."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import structlog
from arq.connections import ArqRedis
from litestar import Controller, Litestar
from litestar.config.cors import CORSConfig
from litestar.di import Provide
from litestar.types import ASGIApp

from app import pools, tasks, tracing
from app.accounts.controller import AccountController, UserController
from app.accounts.credentials import Credentials
from app.accounts.directory import Directory
from app.accounts.limiter import LoginLimiter
from app.accounts.origin import caller_of
from app.accounts.passwords import Passwords
from app.accounts.service import Accounts
from app.approvals.controller import ApprovalController
from app.approvals.service import Approvals
from app.audit.controller import AuditController
from app.audit.service import Audit
from app.comments.controller import CommentController
from app.comments.service import Comments
from app.console import Console
from app.contacts.controller import ContactController
from app.contacts.service import Contacts
from app.dashboard.controller import DashboardController
from app.dashboard.service import Dashboard
from app.deadlines.controller import CalendarController, PolicyController
from app.deadlines.service import Deadlines
from app.deliveries.queue import ArqWakeUps as DeliveryWakeUps
from app.events.outbox import RedisOutbox
from app.health.controller import HealthController
from app.health.service import Probes
from app.history.controller import HistoryController
from app.history.service import Histories
from app.http import openapi, positions, problems
from app.http.answers import Answer
from app.http.bodies import StrictRequest
from app.http.middleware import Exchanges
from app.http.paging import Cursors
from app.http.positions import Positions
from app.imports.controller import ImportController
from app.imports.service import Imports
from app.inventory.controller import InventoryController, ReceivingController
from app.inventory.service import Inventory
from app.jobs import queue
from app.jobs.announcer import RedisAnnouncer
from app.jobs.controller import JobController
from app.jobs.intake import Intake
from app.jobs.job_types import JobTypeController
from app.jobs.service import Jobs
from app.jobs.topic import JobTopic
from app.monitoring import MonitoringController
from app.notifications.controller import OutboxController, PreferenceController
from app.notifications.letters import Letters
from app.notifications.service import Notifications
from app.optics.controller import PartController
from app.optics.service import Parts
from app.optics_requests.controller import OpticsRequestController
from app.optics_requests.service import OpticsRequests
from app.policy import Admission
from app.pools import Pools
from app.realtime.server import Sockets
from app.relations.controller import RelationController
from app.relations.service import Relations
from app.scrapers import Scrapers
from app.sessions.controller import SessionController
from app.sessions.pages import Pages
from app.sessions.service import Sessions
from app.settings import Settings
from app.tickets.announcer import RedisAnnouncer as RedisTicketAnnouncer
from app.tickets.controller import TagController, TicketController
from app.tickets.service import Tickets
from app.tickets.ticket_types import TicketTypeController
from app.tickets.topic import TicketTopic
from app.views.controller import ViewController
from app.views.service import Views
from app.webhooks.addresses import Addresses
from app.webhooks.controller import DeliveryController, EventTypeController, WebhookController
from app.webhooks.service import Webhooks

MAX_BODY_BYTES = 16 * 1024 * 1024
MEASURE_SECONDS = 1.0
EXPOSED_HEADERS = [positions.HEADER, "ETag", "Idempotency-Replayed", "Location", "Retry-After", "X-Request-Id"]

log = structlog.get_logger(__name__)


class Services(msgspec.Struct, frozen=True):
    """What controllers work with; each is given those that it has annotated."""

    pools: Pools
    probes: Probes
    scrapers: Scrapers
    cursors: Cursors
    accounts: Accounts
    credentials: Credentials
    directory: Directory
    sessions: Sessions
    pages: Pages
    audit: Audit
    tickets: Tickets
    approvals: Approvals
    comments: Comments
    histories: Histories
    relations: Relations
    contacts: Contacts
    jobs: Jobs
    intake: Intake
    views: Views
    dashboard: Dashboard
    deadlines: Deadlines
    imports: Imports
    webhooks: Webhooks
    notifications: Notifications
    inventory: Inventory
    parts: Parts
    optics_requests: OpticsRequests


CONTROLLERS = (
    HealthController,
    MonitoringController,
    *(AccountController, UserController),
    SessionController,
    AuditController,
    *(TicketController, TagController, TicketTypeController),
    ApprovalController,
    CommentController,
    RelationController,
    HistoryController,
    ContactController,
    ViewController,
    *(PolicyController, CalendarController),
    ImportController,
    *(ReceivingController, InventoryController),
    *(PartController, OpticsRequestController),
    *(JobController, JobTypeController),
    DashboardController,
    *(WebhookController, DeliveryController, EventTypeController),
    *(PreferenceController, OutboxController),
)


def create_app(settings: Settings) -> ASGIApp:
    """Return the ASGI application; it connects to Postgres and Redis when it first needs them."""
    postgres, redis = pools.opened(settings), queue.create_redis(settings.redis_url)
    services = _services(settings, postgres, redis)
    sockets = Sockets(services.accounts, settings.frontend_url)
    ticket_topic = TicketTopic(postgres.reads, redis, services.tickets, sockets.emit)
    sockets.add(ticket_topic)
    sockets.add(JobTopic(postgres.engine, redis, services.jobs, sockets.emit, ticket_topic.note_bulk_changes))

    async def measure() -> None:
        postgres.measure()

    @contextlib.asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        log.info("api_started", registration=settings.registration)
        steps = (measure, postgres.replica.measure) if postgres.replica else (measure,)
        measuring = [asyncio.create_task(tasks.repeat(step, MEASURE_SECONDS)) for step in steps]
        async with sockets.running():
            yield
        await tasks.end(measuring)
        await asyncio.to_thread(tracing.stop)
        await services.dashboard.close()
        await redis.aclose(close_connection_pool=True)
        await postgres.close()

    app: ASGIApp = Console(create_api(settings, services, lifespan))
    if postgres.replica is not None:
        app = Positions(app, postgres.replica)
    return Exchanges(sockets.beside(app))


def _services(settings: Settings, postgres: Pools, redis: ArqRedis) -> Services:
    views, sessions = Views(postgres), Sessions(postgres, settings)
    passwords, limiter = Passwords(), LoginLimiter(redis)
    accounts = Accounts(postgres, limiter, settings, sessions, passwords)
    is_open = settings.registration == "open"
    wake_ups, announcer, ticket_announcer = queue.ArqWakeUps(redis), RedisAnnouncer(redis), RedisTicketAnnouncer(redis)
    delivery_wake_ups = DeliveryWakeUps(redis)
    intake = Intake(postgres, wake_ups, announcer, settings, views)
    outbox = RedisOutbox(redis)
    aside = postgres.for_lists
    tickets = Tickets(aside, ticket_announcer, outbox, views)
    # In production what admins read in the outbox does not decide in another one's name.
    letters = Letters(settings.console_url, can_decide=settings.app_env != "production")
    approvals = Approvals(postgres, ticket_announcer, outbox, limiter, settings.app_url)
    parts = Parts(postgres)
    return Services(
        pools=postgres,
        probes=Probes(postgres.reads, redis, postgres.replica),
        scrapers=Scrapers(settings),
        cursors=Cursors(settings.jwt_secret),
        accounts=accounts,
        credentials=Credentials(postgres, accounts, limiter, passwords, sessions, registration_is_open=is_open),
        directory=Directory(postgres, passwords, sessions),
        sessions=sessions,
        pages=Pages(settings.frontend_url),
        audit=Audit(aside),
        tickets=tickets,
        approvals=approvals,
        comments=Comments(postgres, ticket_announcer, outbox),
        histories=Histories(aside),
        relations=Relations(postgres, ticket_announcer, outbox),
        contacts=Contacts(postgres, tickets),
        jobs=Jobs(aside, wake_ups, announcer, outbox, lanes_per_job=settings.job_lanes),
        intake=intake,
        views=views,
        dashboard=Dashboard(aside),
        deadlines=Deadlines(postgres, intake),
        imports=Imports(postgres),
        webhooks=Webhooks(postgres, Addresses(is_development=settings.app_env != "production"), delivery_wake_ups),
        notifications=Notifications(postgres, letters, delivery_wake_ups),
        inventory=Inventory(postgres, outbox),
        parts=parts,
        optics_requests=OpticsRequests(tickets, approvals, parts),
    )


def create_api(settings: Settings, services: Services, lifespan: Any = None) -> Litestar:
    """Return the HTTP side alone."""
    return Litestar(
        route_handlers=[_given(controller, services) for controller in CONTROLLERS],
        dependencies={"caller": Provide(caller_of, sync_to_thread=False)},
        before_request=Admission(
            services.accounts, services.scrapers, in_production=settings.app_env == "production"
        ).admit,
        exception_handlers={Exception: problems.to_response},
        request_class=StrictRequest,
        response_class=Answer,
        request_max_body_size=MAX_BODY_BYTES,
        cors_config=_shared_with(settings.frontend_url) if settings.frontend_url else None,
        openapi_config=openapi.config(),
        lifespan=[lifespan] if lifespan else [],
        logging_config=None,
        debug=False,
    )


def _shared_with(frontend_url: str) -> CORSConfig:
    return CORSConfig(allow_origins=[frontend_url], allow_credentials=True, expose_headers=EXPOSED_HEADERS)


def _given(controller: type[Controller], services: Services) -> type[Controller]:
    """Return a controller whose handlers find its services on `self`: litestar's injection asks at each request."""
    wanted = controller.__annotations__
    own = {name: service for name, service in msgspec.structs.asdict(services).items() if name in wanted}
    return type(controller.__name__, (controller,), own)
