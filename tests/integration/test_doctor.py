"""Checks against real servers: that their statements run, and see what is there."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from arq.connections import ArqRedis
from sqlalchemy import Row

from app.cli.doctor import storage
from app.cli.doctor.examination import BESIDE_THE_SERVERS, look
from app.cli.doctor.findings import Finding
from app.cli.doctor.patient import Patient, planned
from app.jobs import retention
from app.settings import Settings
from tests.support.months import begin_earlier, post_earlier
from tests.support.servers import execute
from tests.support.workbench import Workbench

AT_ONCE = {name: check for name, check in BESIDE_THE_SERVERS.items() if name not in {"certificates", "providers"}}


@pytest.fixture
async def patient(settings: Settings, redis: ArqRedis) -> AsyncIterator[Patient]:
    where = {"DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url}
    patient = Patient(planned(where))
    async with patient.connected():
        yield patient


async def found(patient: Patient, name: str) -> Finding:
    return await look(BESIDE_THE_SERVERS[name], patient)


async def test_every_check_is_made_and_what_is_well_is_called_so(patient: Patient) -> None:
    told = {name: await found(patient, name) for name in AT_ONCE}
    assert {name: finding.status for name, finding in told.items() if name != "connections"} == {
        "postgres": "ok",
        "postgres-settings": "warn",  # what tests store is thrown away
        "migrations": "ok",
        "replica": "ok",
        "redis": "ok",
        "redis-memory": "ok",
        "redis-persistence": "ok",
        "clock": "ok",
        "queue": "ok",
        "workers": "fail",  # none runs
        "feed": "warn",  # nor does an API
        "tables": "ok",
        "indexes": "ok",
        "months": "ok",
    }, told
    assert told["postgres"].said.startswith("PostgreSQL 18")
    assert "connections are in use; an API and a worker may want 30" in told["connections"].said


async def test_a_schema_that_is_not_there_is_told_and_the_other_checks_go_on(
    patient: Patient, settings: Settings
) -> None:
    await execute(settings.database_url, "drop table alembic_version")
    assert (await found(patient, "migrations")).said == "the database has no schema yet"
    assert (await found(patient, "queue")).status == "ok"
    await execute(settings.database_url, "drop table events cascade")
    assert 'relation "events" does not exist' in (await found(patient, "feed")).said


async def test_jobs_and_events_that_wait_are_told(patient: Patient, bench: Workbench) -> None:
    job = await bench.submit(await bench.tickets(1))
    assert (await found(patient, "queue")).said.startswith("1 queued, the oldest for 0 s")
    await bench.execute("update jobs set run_at = now() + interval '1 hour' where id = :id", id=job.id)
    assert (await found(patient, "queue")).said.startswith("0 queued;")
    await bench.execute("update jobs set run_at = now() - interval '2 minutes' where id = :id", id=job.id)
    assert "the oldest for 120 s" in (await found(patient, "queue")).said
    await bench.execute(
        "update jobs set status = 'running', updated_at = now() - interval '1 hour' where id = :id", id=job.id
    )
    assert "1 running without a change" in (await found(patient, "queue")).said
    await bench.execute(
        "insert into events (type, at, data) values ('job.completed', now() - interval '5 minutes', '{}')"
    )
    assert "wait for 300 s" in (await found(patient, "feed")).said


async def test_an_index_that_has_become_empty_is_found(patient: Patient, settings: Settings) -> None:
    """Its size is seen, if it is not yet large enough to be worth a word."""
    await execute(
        settings.database_url,
        """
        create table junk (id uuid primary key default gen_random_uuid(), t text);
        insert into junk (t) select repeat('x', 20) || n from generate_series(1, 20000) n;
        create index junk_t on junk (lower(t));
        delete from junk where id > '10000000-0000-0000-0000-000000000000';
        """,
    )
    await execute(settings.database_url, "vacuum analyze junk")
    rows = {row.relname: row for row in await storage_rows(patient)}
    for name in ("junk_pkey", "junk_t"):
        assert 0.7 < rows[name].wasted / rows[name].bytes < 1


async def storage_rows(patient: Patient) -> list[Row[Any]]:
    return list((await patient.postgres.execute(storage.INDEXES)).all())


async def test_months_that_are_missing_and_those_that_should_be_gone_are_told(
    patient: Patient, bench: Workbench
) -> None:
    assert (await found(patient, "months")).said == "job_items has 3 months; audit_log has 3 months"
    [month, *_] = await begin_earlier(bench.engine, retention.BY_MONTH, days=300)
    assert f"{month} is past its retention, and kept by somebody's lock" in (await found(patient, "months")).said
    job = await bench.submit(await bench.tickets(1))
    job_id = await post_earlier(bench, job.id, days=300)
    assert f"kept by job {job_id}, which is queued" in (await found(patient, "months")).said
    await bench.cancel(job_id)
    told = await found(patient, "months")
    assert f"{month} " not in told.said
    [*_, after, _last] = await retention.BY_MONTH.partitions(patient.postgres)
    await bench.execute(f"drop table {after.name}")
    assert f"no partition for {after.first:%Y-%m}" in (await found(patient, "months")).said
