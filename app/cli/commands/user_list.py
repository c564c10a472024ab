from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator
from typing import get_args

from msgspec import UNSET

from app.accounts.directory import Directory
from app.accounts.models import OPERATOR, Role, User
from app.accounts.queries import UserQuery
from app.cli import tables, users
from app.cli.outcome import Outcome
from app.lists import MAX_LIMIT


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--role", choices=get_args(Role), help="those alone who have it")


def run(options: Namespace) -> Outcome:
    query = UserQuery(limit=MAX_LIMIT, role=options.role or UNSET)

    async def work(directory: Directory) -> users.Data:
        return {"users": [users.as_json(user) async for user in _all(directory, query)]}

    words = ["list", *(["--role", options.role] if options.role else [])]
    data = users.carry_out(words, work)
    return Outcome(data, as_table(data))


def as_table(data: users.Data) -> str:
    if not data["users"]:
        return "Nobody. The first admin: ./manage.sh user create NAME --email EMAIL --role admin"
    rows = [
        (user["username"], user["role"], "active" if user["active"] else "disabled", user["email"])
        for user in data["users"]
    ]
    return tables.of([("NAME", "ROLE", "STATE", "E-MAIL"), *rows])


async def _all(directory: Directory, query: UserQuery) -> AsyncIterator[User]:
    after: str | None = None
    while True:
        found, _ = await directory.find_page(OPERATOR.user, query, after=after)
        for user in found[: query.limit]:
            yield user
        if len(found) <= query.limit:
            return
        after = found[query.limit - 1].username.lower()
