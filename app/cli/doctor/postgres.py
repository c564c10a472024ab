"""The Postgres server: what it is, how it is set, and whether all of us find a connection."""

from typing import Final

from sqlalchemy import text

from app import revisions
from app.cli import environment
from app.cli.doctor.findings import Finding, Skipped
from app.cli.doctor.patient import Patient
from app.embedded.binaries import POSTGRES_MAJOR
from app.reads import ConnectionReader
from app.settings import Settings

FULL: Final = 0.8
LANES_OF_DELIVERIES: Final = 10  # of a worker, each with a connection beside the pool
OF_PGBOUNCER: Final = "unsupported startup parameter"  # what it says to settings that it cannot keep for a client
KEEPS_FROM_LOSS: Final = {
    "fsync": "what was committed may be lost with the machine",
    "full_page_writes": "a crash of the machine may tear pages",
    "synchronous_commit": "a 202 may come before the job is on the disk",
}

_SETTINGS = text("select name, setting from pg_settings")
_CONNECTIONS = text("select count(*) from pg_stat_activity where backend_type = 'client backend'")
_PLACE = text("select current_database(), pg_is_in_recovery()")


async def server(patient: Patient) -> Finding:
    try:
        connection = patient.postgres
    except Skipped:
        if not patient.postgres_trouble:
            raise
        return _away(patient)
    values = await _settings(patient)
    name, is_standby = (await connection.execute(_PLACE)).one()
    return judge_server(values, f"database {name}", is_standby=is_standby)


def judge_server(values: dict[str, str], place: str, *, is_standby: bool) -> Finding:
    version = values["server_version"]
    if int(values["server_version_num"]) < POSTGRES_MAJOR * 10_000:
        return Finding("fail", f"PostgreSQL {version} is too old", f"upgrade it to {POSTGRES_MAJOR} or newer")
    if is_standby:
        todo = "let DATABASE_URL name the primary"
        return Finding("fail", f"PostgreSQL {version}, {place}: a standby, which takes no changes", todo)
    return Finding("ok", f"PostgreSQL {version}, {place}")


async def configuration(patient: Patient) -> Finding:
    return judge_configuration(await _settings(patient), is_production=environment.is_production(patient.environ))


def judge_configuration(values: dict[str, str], *, is_production: bool) -> Finding:
    if values["server_encoding"] != "UTF8":
        return Finding("fail", f"the encoding is {values['server_encoding']}", "make a database whose encoding is UTF8")
    off = [name for name in KEEPS_FROM_LOSS if values[name] == "off"]
    if off:
        said = "; ".join(f"{name} is off: {KEEPS_FROM_LOSS[name]}" for name in off)
        return Finding("fail" if is_production else "warn", said, f"set {' and '.join(off)} to on")
    if "off" in (values["autovacuum"], values["track_counts"]):
        return Finding("warn", "autovacuum does not run: tables and indexes only grow", "set autovacuum to on")
    return Finding("ok", "fsync, full_page_writes, synchronous_commit and autovacuum are on")


async def connections(patient: Patient) -> Finding:
    used = await patient.postgres.scalar(_CONNECTIONS)
    return judge_connections(await _settings(patient), int(used or 0), patient.settings)


def judge_connections(values: dict[str, str], used: int, settings: Settings) -> Finding:
    """Hold what an API and a worker may want, and what is in use now, against what the server gives."""
    kept_back = int(values["superuser_reserved_connections"]) + int(values.get("reserved_connections", 0))
    given = int(values["max_connections"]) - kept_back
    wanted = settings.api_processes * settings.db_pool_max + settings.db_pool_max + LANES_OF_DELIVERIES
    said = f"{used} of {given} connections are in use; an API and a worker may want {wanted}"
    todo = "raise max_connections, or lower DB_POOL_MAX or API_PROCESSES"
    if wanted > given:
        return Finding("fail", said, todo)
    return Finding("warn", said, f"{todo}, or stop who holds them") if used > given * FULL else Finding("ok", said)


async def migrations(patient: Patient) -> Finding:
    return judge_migrations(await revisions.at(ConnectionReader(patient.postgres)), revisions.head())


def judge_migrations(revision: str | None, newest: str) -> Finding:
    match revisions.state_of(revision, newest):
        case "behind" if revision is None:
            return Finding("fail", "the database has no schema yet", "./manage.sh migrate")
        case "behind":
            return Finding(
                "fail", f"the schema is at {revision}, this code is made for {newest}", "./manage.sh migrate"
            )
        case "newer":
            said = f"the schema is at {revision}, and this code knows none after {newest}"
            return Finding("warn", said, "use the newer code that has migrated it")
    return Finding("ok", f"the schema is at {revision}, the newest")


async def _settings(patient: Patient) -> dict[str, str]:
    return {row.name: row.setting for row in await patient.postgres.execute(_SETTINGS)}


def _away(patient: Patient) -> Finding:
    todo = "./manage.sh up starts it; ./manage.sh logs postgres says why it ended"
    if "postgres" not in environment.embedded(patient.environ):
        todo = "start it, or correct DATABASE_URL (DB_HOST and the like)"
    if OF_PGBOUNCER in patient.postgres_trouble:
        todo = "let DATABASE_URL name Postgres itself, and PGBOUNCER_URL the PgBouncer before it"
    return Finding("fail", patient.postgres_trouble.partition(". ")[0].rstrip("."), todo)
