import re
from typing import Any

import pytest

from app.jobs.operations import registry
from app.jobs.operations.operation import Targets
from tests.support.servers import REPOSITORY
from tests.support.workbench import Workbench

HEADING = "## A job type of your own"


async def test_the_job_type_that_the_readme_shows_works_as_it_stands(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    section = (REPOSITORY / "README.md").read_text().partition(HEADING)[2]
    [code] = re.findall(r"```python\n(.*?)```", section.partition("\n## ")[0], re.DOTALL)
    assert len(code.splitlines()) <= 20
    module: dict[str, Any] = {"__name__": "bulk_resolve"}
    exec(code, module)  # noqa: S102 - what we wrote ourselves
    operation = module["OPERATION"]
    monkeypatch.setitem(registry.OPERATIONS, operation.type, operation)
    ids = await bench.tickets(5)
    await bench.execute("update tickets set status = 'closed' where id = :id", id=ids[0])
    request = module["BulkResolve"](payload=Targets(ticket_ids=ids))
    assert (await bench.intake.preview(bench.people.admin, request)).would_fail == {"not_open": 1}
    job = await bench.post(request)
    await bench.lanes().run(job.id)
    assert await bench.codes(job.id) == {"resolved": 4, "not_open": 1}
    undo = await bench.intake.undo(bench.caller, job.id)
    await bench.lanes().run(undo.id)
    assert await bench.codes(undo.id) == {"undone": 4}
    async with bench.engine.connect() as connection:
        statuses = await connection.exec_driver_sql("select status, count(*) from tickets group by 1 order by 1")
        assert [tuple(row) for row in statuses] == [("closed", 1), ("open", 4)]
