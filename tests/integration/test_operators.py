"""Whom commands act as on this system."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts import tokens
from app.cli import operators
from app.cli.errors import CliError
from app.settings import Settings
from tests.support.people import People


@pytest.fixture
def environ(settings: Settings) -> dict[str, str]:
    return {name: getattr(settings, name.lower()) for name in ("DATABASE_URL", "REDIS_URL", "JWT_SECRET")}


async def execute(engine: AsyncEngine, statement: str) -> None:
    async with engine.begin() as connection:
        await connection.execute(text(statement))


async def test_the_first_admin_is_who_commands_act_as_unless_another_is_named(
    environ: dict[str, str], settings: Settings, engine: AsyncEngine, people: People
) -> None:
    await execute(
        engine,
        """
        insert into users (username, email, password_hash, role, created_at)
        values ('Grace', 'grace@example.org', '', 'admin', now() + interval '1 hour')
        """,
    )
    await execute(engine, "update users set token_version = 3 where username = 'admin'")
    first, grace = [
        tokens.read(await asyncio.to_thread(operators.sign, environ, name), settings.jwt_secret)
        for name in (None, "grace")
    ]
    assert (first.user_id, first.version) == (people.admin.id, 3)
    assert grace.user_id != people.admin.id


async def test_nobody_acts_as_who_is_no_active_admin(
    environ: dict[str, str], engine: AsyncEngine, people: People
) -> None:
    with pytest.raises(CliError, match="there is no active admin called agent"):
        await asyncio.to_thread(operators.sign, environ, "agent")
    await execute(engine, "update users set active = false where role = 'admin'")
    with pytest.raises(CliError, match="there is no active admin; "):
        await asyncio.to_thread(operators.sign, environ)
