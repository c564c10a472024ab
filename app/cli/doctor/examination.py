"""All checks, in the order in which they are told, and where each is made: here, or in a container."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Final

from app.cli.doctor import (
    backups,
    certificates,
    clock,
    configuration,
    containers,
    machine,
    months,
    postgres,
    providers,
    redis,
    replica,
    storage,
    work,
)
from app.cli.doctor.findings import Finding, Skipped
from app.cli.doctor.patient import Patient, Plan, planned
from app.cli.environment import Environ

Check = Callable[[Patient], Finding | Awaitable[Finding]]

HERE: Final[dict[str, Check]] = {
    "python": machine.python,
    "node": machine.nodejs,
    "disk": machine.disk,
    "memory": machine.memory,
    "settings": configuration.settings,
    "port": machine.port,
    "api": machine.api,
    "backups": backups.backups,
}
# Where the servers can be reached.
BESIDE_THE_SERVERS: Final[dict[str, Check]] = {
    "postgres": postgres.server,
    "postgres-settings": postgres.configuration,
    "connections": postgres.connections,
    "migrations": postgres.migrations,
    "replica": replica.replica,
    "redis": redis.server,
    "redis-memory": redis.memory,
    "redis-persistence": redis.persistence,
    "clock": clock.clock,
    "queue": work.queue,
    "workers": work.workers,
    "feed": work.feed,
    "tables": storage.tables,
    "indexes": storage.indexes,
    "months": months.months,
    "certificates": certificates.certificates,
    "providers": providers.providers,
}
CHECKS: Final = HERE | BESIDE_THE_SERVERS


def examine(environ: Environ, names: Collection[str]) -> dict[str, Finding]:
    """Make the checks of these names, or all."""
    plan, wanted = planned(environ), [name for name in CHECKS if name in names or not names]
    if plan.target != "docker":
        return asyncio.run(_examine(plan, wanted))
    here = asyncio.run(_examine(plan, [name for name in wanted if name in HERE]))
    return here | containers.examine(environ, [name for name in wanted if name in BESIDE_THE_SERVERS])


async def _examine(plan: Plan, names: Sequence[str]) -> dict[str, Finding]:
    patient = Patient(plan)
    if not any(name in BESIDE_THE_SERVERS for name in names):
        return {name: await look(CHECKS[name], patient) for name in names}
    async with patient.connected():
        return {name: await look(CHECKS[name], patient) for name in names}


async def look(check: Check, patient: Patient) -> Finding:
    """Make a check; what keeps it from being made is a finding, too."""
    try:
        found = check(patient)
        return await found if inspect.isawaitable(found) else found
    except Skipped as reason:
        return Finding("skip", f"not looked at: {reason}")
    except Exception as error:  # noqa: BLE001 - one that breaks must not keep the others from being made
        said = str(getattr(error, "orig", error)).partition("\n")[0]
        todo = "try again; if it stays so, ./manage.sh logs may say why"
        return Finding("fail", f"it could not be looked at: {type(error).__name__}: {said}", todo)
