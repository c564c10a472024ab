"""Users and tickets for tests to work with."""

from typing import NamedTuple
from uuid import UUID

from argon2 import PasswordHasher
from sqlalchemy import insert, text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.accounts.models import User, users
from app.tickets.models import tickets

PASSWORD = "correct horse battery staple"
MANY = 1_000
QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class People(NamedTuple):
    admin: User
    agent: User
    requester: User
    other_requester: User
    other_admin: User


async def add_people(engine: AsyncEngine, password_hash: str) -> People:
    names = ("admin", "agent", "requester", "other_requester", "other_admin")
    rows = [
        {
            "username": name,
            "email": f"{name}@example.com",
            "password_hash": password_hash,
            "role": name.removeprefix("other_"),
        }
        for name in names
    ]
    added = insert(users).returning(*(users.c[name] for name in User.__struct_fields__))
    async with engine.begin() as connection:
        found = {row.username: User(*row) for row in await connection.execute(added, rows)}
    return People(*(found[name] for name in names))


async def add_tickets(engine: AsyncEngine, requester: User, count: int) -> list[UUID]:
    """Add tickets "Ticket 1" and on, the last one newest; return their ids in that order.

    Of many, none is found by its text: writing these takes longer than all the rest.
    """
    statement = (
        insert(tickets)
        .from_select(
            ["title", "requester_id", "created_at"],
            text(
                "select 'Ticket ' || number, cast(:requester_id as uuid), now() + number * interval '1 second'"
                " from generate_series(1, :count) as number"
            )
            .bindparams(requester_id=requester.id, count=count)
            .columns(),
        )
        .returning(tickets.c.id)
    )
    async with engine.begin() as connection:
        if count >= MANY:
            await connection.exec_driver_sql("set local session_replication_role = replica")  # no triggers
        return list((await connection.execute(statement)).scalars())
