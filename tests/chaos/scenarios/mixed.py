"""Jobs of every type over the same tickets."""

import asyncio
from random import Random
from uuid import UUID

from tests.chaos.scene import Scene

Request = tuple[str, dict[str, object]]  # type, and what of the payload is not targets


async def every_type(scene: Scene, random: Random, scale: int) -> None:
    """Jobs of all types race over overlapping tickets while a worker is killed; then some are undone."""
    workers = await scene.start(workers=2)
    ids = await scene.add_tickets(900 * scale)
    for requests in _rounds(scene.people.agent.id):
        jobs = [
            await scene.admin.post(type_, random.sample(ids, len(ids) * 2 // 3), payload, reason="Chaos")
            for type_, payload in requests
        ]
        await scene.jobs.reaches(jobs[-1], random.randint(1, len(ids) // 3))
        await scene.kill(workers.pop(0))
        workers.append(scene.start_worker())
        await asyncio.gather(*map(scene.jobs.through, jobs))
        if await scene.jobs.changed_by(jobs[0]):
            await scene.jobs.through(await scene.admin.undo(jobs[0]))


def _rounds(assignee_id: UUID) -> list[list[Request]]:
    """Return the jobs of each round; the first of each can be undone."""
    taken: Request = ("bulk-update", {"status": "in_progress", "priority": "high", "assigneeId": str(assignee_id)})
    tagged: Request = ("bulk-update", {"addTags": ["b", "a"]})
    retagged: Request = ("bulk-update", {"addTags": ["c"], "removeTags": ["a"]})
    released: Request = ("bulk-update", {"assigneeId": None, "status": "closed"})
    deleted: Request = ("bulk-delete", {})
    restored: Request = ("bulk-restore", {})
    return [
        [tagged, taken, retagged],
        [released, deleted],
        [restored, deleted, ("bulk-purge", {})],
        [released, ("bulk-purge", {"force": True}), deleted],
        [taken, restored],
    ]
