"""The story: one admin, one bulk delete, and everything they are told."""

import time
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncEngine

from app import database
from app.cli import databases
from app.cli.environment import Local
from app.cli.errors import CliError
from app.client import AsyncClient, BulkheadError, JobRequest
from tests.demo import checks, targets
from tests.demo.checks import Check, Posted, Story
from tests.demo.screen import Screen
from tests.demo.targets import Targets
from tests.demo.watcher import Watcher, watching


async def play(local: Local, screen: Screen) -> list[Check]:
    """Play it against running processes and an otherwise untouched database, and compare."""
    engine = database.create_engine(local.settings, application_name="bulkhead-demo")
    with databases.complaining(local.environ):
        try:
            story = await _live(engine, local, screen)
            screen.results(story)
            async with engine.connect() as connection:
                facts = await checks.read_facts(connection)
        except BulkheadError as error:
            raise CliError(str(error)) from error
        finally:
            await engine.dispose()
    return checks.compare(story, facts)


async def _live(engine: AsyncEngine, local: Local, screen: Screen) -> Story:
    """Log in, ask for a bulk delete, watch it and read what became of it."""
    password = local.settings.seed_password or ""
    async with AsyncClient(local.api_url, username="admin", password=password) as client:
        me = await client.me()
        async with watching(local.api_url, await client.token(), str(me.id)) as watcher:
            screen.line("Admin", "logged in, and listening on a socket")
            async with engine.connect() as connection:
                chosen = await targets.choose(connection)
            for ticket_id in chosen.deleted:
                await client.delete_ticket(ticket_id)
            screen.request(chosen)
            return await _tell(client, watcher, chosen, screen)


async def _tell(client: AsyncClient, watcher: Watcher, chosen: Targets, screen: Screen) -> Story:
    request, key, events = JobRequest(type="bulk-delete", payload={"ticketIds": chosen.mixed()}), str(uuid4()), []
    posted = await _post(client, request, key)
    job_id = posted.job.id
    screen.line("Answer", f"202 after {posted.seconds * 1000:.0f} ms; the work goes on in the background")
    with screen.progress(len(chosen.distinct)) as show:
        async for event in watcher.follow(str(job_id)):
            events.append(event)
            show(event.payload)
    replayed = await _post(client, request, key)
    failed_items = [item async for item in client.items(job_id, result="failed")]
    return Story(chosen, posted, replayed, await client.job(job_id), failed_items, [*events, *watcher.late()])


async def _post(client: AsyncClient, request: JobRequest, key: str) -> Posted:
    asked = time.perf_counter()
    submitted = await client.submit(request, key=key)
    return Posted(submitted.job, submitted.is_replay, time.perf_counter() - asked)
