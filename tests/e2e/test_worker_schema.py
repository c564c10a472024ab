"""A worker whose code is newer than the schema, as when both are replaced at once."""

import asyncio

from sqlalchemy import text

from tests.support.servers import downgrade, migrate
from tests.support.system import System
from tests.support.waiting import until
from tests.support.workbench import Workbench


async def test_a_worker_waits_for_the_schema_of_its_code_and_then_works(system: System, bench: Workbench) -> None:
    await asyncio.to_thread(downgrade, bench.settings.database_url, "0024")
    job = await bench.submit(await bench.tickets(25))
    worker = system.start_worker()
    await until(lambda: "schema_behind" in system.log(worker))
    assert (await bench.job(job.id)).started_at is None
    await asyncio.to_thread(migrate, bench.settings.database_url)
    await until(lambda: _has_ended(bench))
    assert await bench.codes(job.id) == {"deleted": 25}
    assert "step_failed" not in system.log(worker)


async def test_a_worker_that_waits_ends_when_it_is_told_to(system: System, bench: Workbench) -> None:
    await asyncio.to_thread(downgrade, bench.settings.database_url, "0024")
    worker = system.start_worker()
    await until(lambda: "schema_behind" in system.log(worker))
    worker.terminate()
    assert await asyncio.to_thread(worker.wait, 10) == 0


async def _has_ended(bench: Workbench) -> bool:
    async with bench.engine.connect() as connection:
        return not await connection.scalar(text("select exists (select from jobs where finished_at is null)"))
