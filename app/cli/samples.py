"""Users, tickets, stock and a list of optics to try things with; what is there already stays as it is."""

import secrets
from contextlib import suppress
from typing import NamedTuple

from sqlalchemy import ARRAY, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.accounts import passwords, store
from app.accounts.errors import AlreadyTaken
from app.accounts.models import Role
from app.inventory import ledger
from app.inventory.models import ItemKey
from app.optics import store as optics

ROLES: tuple[Role, ...] = ("admin", "agent", "requester")
DEFAULT_TICKETS = 5_000
PASSWORD_BYTES = 9

_LOCK = text("select pg_advisory_xact_lock(hashtextextended('bulkhead samples', 0))")
_NAMES, _THINGS, _TROUBLES, _ENDINGS = (
    bindparam(name, type_=ARRAY(Text)) for name in ("names", "things", "troubles", "endings")
)
_COUNT_TICKETS = text("select count(*) from tickets where deleted_at is null")
_ANALYZE = text(
    "analyze users, tickets, ticket_texts"
)  # or the planner knows nothing of them until autovacuum has looked

# Half a year of tickets, more of them lately; the older, the likelier done. Numbers and ids rise with time.
_ADD_TICKETS = text("""
    with requesters as (
        select array_agg(id order by username desc) as ids from users where lower(username) = any(:names)
    ),
    dice as materialized (
        select now() - power(random(), 1.7) * interval '180 days' as created_at,
               random() as progress, random() as urgency, random() as requester,
               (:things)[random(1, cardinality(:things))] || ' ' || (:troubles)[random(1, cardinality(:troubles))]
               || (:endings)[random(1, cardinality(:endings))] as title
        from generate_series(1, cast(:missing as integer))
        order by created_at
    ),
    aged as (
        select *, extract(epoch from now() - created_at) / (180 * 86400) as age from dice
    )
    insert into tickets (id, title, description, status, priority, tags, requester_id, created_at, updated_at)
    select uuidv7(created_at - clock_timestamp()),
           title,
           'A customer on the phone: "' || title || '." Nothing else seems to be affected.',
           case when progress < age * 0.9 then 'closed'
                when progress < age * 0.9 + 0.15 then 'resolved'
                when progress < age * 0.9 + 0.35 then 'in_progress'
                when progress < age * 0.9 + 0.4 then 'pending'
                else 'open' end,
           case when urgency < 0.07 then 'urgent' when urgency < 0.25 then 'high'
                when urgency < 0.75 then 'normal' else 'low' end,
           array[(array['access', 'billing', 'mail', 'network'])[cast(floor(urgency * 400) as integer) % 4 + 1]],
           ids[1 + floor(power(requester, 2) * cardinality(ids))],
           created_at,
           created_at + progress * (now() - created_at)
    from aged, requesters
""").bindparams(_NAMES, _THINGS, _TROUBLES, _ENDINGS)

_HAS_STOCK = text("select exists (select from inventory_items)")
_FIRST_USER = text("select id from users where lower(username) = any(:names) order by username limit 1").bindparams(
    _NAMES
)

STOCK = (
    (ItemKey("Cat6", "23AWG", "100 ft"), 40),
    (ItemKey("Cat6", "23AWG", "25 ft"), 120),
    (ItemKey("Cat5e", "24AWG", "50 ft"), 15),
    (ItemKey("OM4", "50/125", "3 m"), 24),
)
PARTS = ("SFP-10G-SR", "SFP-10G-LR", "QSFP-40G-SR4", "QSFP28-100G-LR4")
THINGS = (
    *("The badge reader", "The billing page", "The booking calendar", "The customer portal", "The expense form"),
    *("The file share", "The guest wifi", "The help page", "The invoice export", "The label printer"),
    *("The laptop dock", "The login page", "The mail client", "The meeting room screen", "The mobile app"),
    *("The monthly report", "The order form", "The password reset", "The payroll import", "The phone line"),
    *("The price list", "The search box", "The shared calendar", "The test system", "The time sheet", "The VPN"),
)
TROUBLES = (
    *("answers with error 500", "asks for a password again and again", "cannot be opened", "crashes"),
    *("does not load", "does not save changes", "does not show new entries", "freezes", "is empty"),
    *("is very slow", "logs everyone out", "loses attachments", "rejects valid input", "sends everything twice"),
    *("shows another team's data", "shows last month's figures", "shows the wrong currency", "stopped working"),
)
ENDINGS = (
    *("", " after the update", " again", " at month's end", " every morning", " for new colleagues", " in Firefox"),
    *(" in the Berlin office", " on Android", " on mobile", " on the second floor", " since yesterday"),
    *(" over VPN", " under load", " when offline", " when two people use it", " with large files"),
)


class Added(NamedTuple):
    """What was added; all users of one call have the same password."""

    users: list[str]
    password: str
    tickets: int


async def add(connection: AsyncConnection, *, tickets: int, password: str | None) -> Added:
    """Add a user for each role, tickets until so many are there, not counting deleted ones, and something in stock.

    The caller commits.
    """
    await connection.execute(_LOCK)  # or two at once would add twice
    chosen = password or secrets.token_urlsafe(PASSWORD_BYTES)
    added = Added(await _add_users(connection, chosen), chosen, await _add_tickets(connection, tickets))
    if added.tickets:
        await connection.execute(_ANALYZE)
    await _add_stock(connection)
    if not await optics.find_all(connection):
        await optics.replace(connection, PARTS)
    return added


async def _add_users(connection: AsyncConnection, password: str) -> list[str]:
    password_hash = passwords.hash_password(password)
    added: list[str] = []
    for role in ROLES:
        values = {"username": role, "email": f"{role}@example.com", "password_hash": password_hash}
        with suppress(AlreadyTaken):
            async with connection.begin_nested():
                await store.add(connection, role=role, **values)
            added.append(role)
    return added


async def _add_tickets(connection: AsyncConnection, wanted: int) -> int:
    missing = max(wanted - (await connection.scalar(_COUNT_TICKETS) or 0), 0)
    words = {"things": list(THINGS), "troubles": list(TROUBLES), "endings": list(ENDINGS)}
    await connection.execute(_ADD_TICKETS, {"names": list(ROLES), "missing": missing, **words})
    return missing


async def _add_stock(connection: AsyncConnection) -> None:
    if await connection.scalar(_HAS_STOCK):
        return
    actor_id = (await connection.execute(_FIRST_USER, {"names": list(ROLES)})).scalar_one()
    for key, quantity in STOCK:
        await ledger.receive(connection, key, quantity, actor_id=actor_id)
