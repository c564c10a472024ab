"""What a worker shows of itself to who runs it: that it lives, and what it did."""

import asyncio
import json
import sys

from tests.e2e.shared_system import Json, SharedSystem
from tests.support.servers import REPOSITORY
from tests.support.waiting import until


async def test_the_worker_tells_that_it_lives_and_logs_each_chunk_in_a_line(shared: SharedSystem) -> None:
    _, ids = await shared.tickets(250)
    job = await shared.run("bulk-delete", {"ticketIds": [str(ticket_id) for ticket_id in ids]})
    wanted = [(0, 100, 0), (100, 100, 0), (200, 50, 0)]
    assert await until(lambda: sorted(_logged_chunks(shared, job)) == wanted)
    pid = str(shared.worker_process.pid)
    asked = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "worker.health", pid), cwd=REPOSITORY, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await asked.communicate()
    assert said.decode().startswith(f"worker {pid} works: ")
    assert asked.returncode == 0


def _logged_chunks(shared: SharedSystem, job: Json) -> list[tuple[int, int, int]]:
    lines = [json.loads(line) for line in shared.system.log(shared.worker_process).splitlines()]
    chunks = [line for line in lines if line["event"] == "chunk" and line["job_id"] == job["id"]]
    return [(line["first"], line["succeeded"], line["failed"]) for line in chunks]
