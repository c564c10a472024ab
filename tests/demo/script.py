"""The story: one admin, one bulk delete, and everything they are told."""

from uuid import uuid4

import aiohttp
from sqlalchemy.ext.asyncio import AsyncEngine

from app import database
from app.cli import databases
from app.cli.environment import Local
from app.cli.errors import CliError
from tests.demo import checks, targets
from tests.demo.api import Api
from tests.demo.checks import Check, Story
from tests.demo.screen import Screen
from tests.demo.targets import Targets
from tests.demo.watcher import Watcher, watching


async def play(local: Local, screen: Screen) -> list[Check]:
    """Play it against running processes and an otherwise untouched database, and compare."""
    engine = database.create_engine(local.settings, application_name="bulkhead-demo")
    with databases.complaining(local.environ):
        try:
            async with aiohttp.ClientSession(local.api_url) as session:
                story = await _live(Api(session), engine, local, screen)
            screen.results(story)
            async with engine.connect() as connection:
                facts = await checks.read_facts(connection)
        except aiohttp.ClientError as error:
            raise CliError(f"the API does not answer: {error}") from error
        finally:
            await engine.dispose()
    return checks.compare(story, facts)


async def _live(api: Api, engine: AsyncEngine, local: Local, screen: Screen) -> Story:
    token = await api.log_in("admin", local.settings.seed_password or "")
    me = (await api.request("GET", "/api/me")).body
    async with watching(local.api_url, token, me["id"]) as watcher:
        screen.line("Admin", "logged in, and listening on a socket")
        async with engine.connect() as connection:
            chosen = await targets.choose(connection)
        for ticket_id in chosen.deleted:
            await api.request("DELETE", f"/api/tickets/{ticket_id}")
        screen.request(chosen)
        return await _tell(api, watcher, chosen, screen)


async def _tell(api: Api, watcher: Watcher, chosen: Targets, screen: Screen) -> Story:
    ids, key, events = chosen.mixed(), str(uuid4()), []
    posted = await api.bulk_delete(ids, key)
    job_id = posted.job["id"]
    screen.line("Answer", f"{posted.status} after {posted.seconds * 1000:.0f} ms; the work goes on in the background")
    with screen.progress(posted.job["total"]) as show:
        async for event in watcher.follow(job_id):
            events.append(event)
            show(event.payload)
    replayed = await api.bulk_delete(ids, key)
    job, failed_items = (await api.request("GET", f"/api/jobs/{job_id}")).body, await api.failed_items(job_id)
    return Story(chosen, posted, replayed, job, failed_items, [*events, *watcher.late()])
