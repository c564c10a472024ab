"""What happens at the same moment."""

import asyncio
from collections import Counter
from random import Random
from typing import Any
from uuid import UUID, uuid4

from tests.chaos.scene import Scene

KEYS = 20
POSTS = 200
STEERED = 800


async def over_the_same_tickets(scene: Scene, random: Random, scale: int) -> None:
    """Two jobs over the same tickets, in opposite orders, three lanes each; then an undo against a delete of them."""
    await scene.start(workers=2)
    ids = await scene.add_tickets(3_000 * scale)
    both = await asyncio.gather(
        scene.post("bulk-delete", ids, codes=["already_deleted"]),
        scene.post("bulk-delete", ids[::-1], codes=["already_deleted"]),
    )
    await asyncio.gather(*map(scene.through, both))
    await _agree(scene, len(ids), *both)
    await asyncio.gather(
        scene.undo(random.choice(both), codes=["conflict"]), scene.post("bulk-delete", ids, codes=["already_deleted"])
    )
    scene.faults += 2


async def steered_at_the_end(scene: Scene, random: Random, scale: int) -> None:
    """Cancel x complete, pause x complete, cancel x cancel, retry x retry."""
    await scene.start(workers=2)
    await scene.through(await scene.delete(1))  # until they are up
    for _ in range(5 * scale):
        canceled, paused = await scene.delete(STEERED), await scene.delete(STEERED)
        await asyncio.gather(
            _soon(random, scene.cancel(canceled)),
            _soon(random, scene.cancel(canceled)),
            _soon(random, scene.pause_and_resume(paused, random.uniform(0, 0.1))),
        )
        scene.faults += 3
        await scene.through(canceled)
        if canceled in scene.stopped_at and scene.stopped_at[canceled] < STEERED:
            children = await asyncio.gather(scene.retry(canceled), scene.retry(canceled))
            scene.faults += 1
            if len(set(children)) != 1:
                scene.broken.append("two retries were made of one job")


async def posted_at_once(scene: Scene, random: Random, scale: int) -> None:
    """200 posts with 20 keys make 20 jobs."""
    await scene.start()
    ids = await scene.add_tickets(KEYS * 10)
    requests = [(uuid4().hex, ids[start : start + 10]) for start in range(0, len(ids), 10)] * (POSTS // KEYS)
    random.shuffle(requests)

    async def post(key: str, targets: list[UUID]) -> UUID:
        body = {"type": "bulk-delete", "payload": {"ticketIds": [str(ticket_id) for ticket_id in targets]}}
        return scene.accepted(await scene.insist("/api/jobs", body, key), targets)

    for _ in range(scale):
        jobs = await asyncio.gather(*(post(*request) for request in requests))
        scene.faults += POSTS
        if len(set(jobs)) != KEYS:
            scene.broken.append(f"{POSTS} posts with {KEYS} keys made {len(set(jobs))} jobs")


async def edited_meanwhile(scene: Scene, random: Random, scale: int) -> None:
    """People edit tickets that a bulk update is changing, often the same ones."""
    await scene.start(workers=2)
    ids = await scene.add_tickets(5_000 * scale)
    job_id = await scene.post("bulk-update", ids, addTags=["raced"])
    await scene.reaches(job_id, 1)
    edited = random.choices(random.sample(ids, 60), k=300)
    answers = await asyncio.gather(*(_edit(scene, ticket_id) for ticket_id in edited))
    scene.edits += Counter(ticket_id for ticket_id, is_done in zip(edited, answers, strict=True) if is_done)
    scene.faults += len(edited)
    await scene.through(job_id)


async def _edit(scene: Scene, ticket_id: UUID) -> bool:
    answer = await scene.ask("PATCH", f"/api/tickets/{ticket_id}", json={"title": f"Edited {uuid4()}"})
    return answer is not None and answer.is_success


async def _soon(random: Random, action: Any) -> None:
    await asyncio.sleep(random.uniform(0, 0.15))
    await action


async def _agree(scene: Scene, total: int, *jobs: UUID) -> None:
    """See that each ticket was deleted by one of the jobs."""
    [[deleted]] = await scene.rows("select sum(succeeded) from jobs where id = any(:jobs)", jobs=list(jobs))
    if deleted != total:
        scene.broken.append(f"of {total} tickets {deleted} were deleted")
