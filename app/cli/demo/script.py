"""The story: one admin, one bulk delete, and everything they are told."""

from uuid import uuid4

import aiohttp
from sqlalchemy.ext.asyncio import AsyncEngine

from app import database
from app.cli import databases
from app.cli.demo import checks, targets
from app.cli.demo.api import Api
from app.cli.demo.checks import Check, Story
from app.cli.demo.screen import Screen
from app.cli.demo.targets import Targets
from app.cli.demo.watcher import Watcher, watching
from app.cli.errors import CliError
from app.settings import Settings


async def play(settings: Settings, api_url: str, screen: Screen) -> list[Check]:
    """Play it against running processes and an otherwise untouched database, and compare."""
    engine = database.create_engine(settings, application_name="bulkhead-demo")
    with databases.complaining():
        try:
            async with aiohttp.ClientSession(api_url) as session:
                story = await _live(Api(session), engine, settings, api_url, screen)
            screen.results(story)
            async with engine.connect() as connection:
                return checks.compare(story, await checks.read_facts(connection))
        except aiohttp.ClientError as error:
            raise CliError(f"the API does not answer: {error}") from error
        finally:
            await engine.dispose()


async def _live(api: Api, engine: AsyncEngine, settings: Settings, api_url: str, screen: Screen) -> Story:
    token = await api.log_in("admin", settings.seed_password or "")
    me = await api.me()
    async with watching(api_url, token, me["id"]) as watcher:
        screen.line("Admin", "logged in, and listening on a socket")
        chosen = await _prepare(api, engine)
        screen.request(chosen)
        return await _tell(api, watcher, chosen, screen)


async def _prepare(api: Api, engine: AsyncEngine) -> Targets:
    async with engine.connect() as connection:
        chosen = await targets.choose(connection)
    for ticket_id in chosen.deleted:
        await api.delete_ticket(ticket_id)
    return chosen


async def _tell(api: Api, watcher: Watcher, chosen: Targets, screen: Screen) -> Story:
    ids, key = chosen.mixed(), str(uuid4())
    posted = await api.bulk_delete(ids, key)
    job_id = posted.job["id"]
    screen.line("Answer", f"{posted.status} after {posted.seconds * 1000:.0f} ms; the work goes on in the background")
    with screen.progress(posted.job["total"]) as show:
        async for event in watcher.follow(job_id):
            show(event.payload)
    replayed = await api.bulk_delete(ids, key)
    job, failed_items = await api.job(job_id), await api.failed_items(job_id)
    return Story(chosen, posted, replayed, job, failed_items, watcher.of(job_id))
