"""What happens at the same moment. Only what met is a hit: two that missed each other prove nothing."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from random import Random
from typing import Final, NamedTuple, TypeVar
from uuid import UUID, uuid4

from tests.chaos.record import Asked, Edit, Tried
from tests.chaos.scene import Scene

KEYS = 20
POSTS = 200
STEERED = 800
ROUNDS, MOST_ROUNDS = 5, 20
STEPS: Final = {"cancel", "cancel twice", "pause", "retry twice"}
EDITS: Final = 300

T = TypeVar("T")


async def over_the_same_tickets(scene: Scene, random: Random, scale: int) -> None:
    """Two jobs over the same tickets, in opposite orders, three lanes each; then an undo against a delete of them."""
    await scene.start(workers=2)
    ids = await scene.add_tickets(3_000 * scale)
    both = await asyncio.gather(scene.admin.post("bulk-delete", ids), scene.admin.post("bulk-delete", ids[::-1]))
    await _meet(scene, both)
    [[deleted]] = await scene.jobs.rows("select sum(succeeded) from jobs where id = any(:jobs)", jobs=both)
    if deleted != len(ids):
        scene.record.broken.append(f"of {len(ids)} tickets {deleted} were deleted")
    await _meet(
        scene, await asyncio.gather(scene.admin.undo(random.choice(both)), scene.admin.post("bulk-delete", ids))
    )


async def steered_at_the_end(scene: Scene, random: Random, scale: int) -> None:
    """Cancel x complete, pause x complete, cancel x cancel, retry x retry: until each has met a job at work."""
    await scene.start(workers=2)
    await scene.jobs.through(await scene.delete(1))  # until they are up
    hits = Counter[str]()
    for number in range(1, MOST_ROUNDS * scale + 1):
        hits += await _steer(scene, random)
        if number >= ROUNDS * scale and hits.keys() == STEPS:
            break
    else:
        scene.record.broken.append(f"{STEPS - hits.keys()} met no job at work")
    scene.record.hits += hits.total()


async def _steer(scene: Scene, random: Random) -> Counter[str]:
    """Steer two jobs somewhere between their first item and their last; return which steps came in time."""
    canceled, is_paused = await asyncio.gather(_cancel(scene, random), _pause(scene, random))
    return canceled + Counter({"pause": is_paused})


async def _cancel(scene: Scene, random: Random) -> Counter[str]:
    job_id = await scene.delete(STEERED)
    await scene.jobs.reaches(job_id, random.randint(0, STEERED))
    if not any(await _twice(scene.admin.cancel, job_id)):
        return Counter()
    if len(set(await _twice(scene.admin.retry, job_id))) != 1:
        scene.record.broken.append("two retries were made of one job")
    return Counter(["cancel", "cancel twice", "retry twice"])


async def _pause(scene: Scene, random: Random) -> bool:
    job_id = await scene.delete(STEERED)
    await scene.jobs.reaches(job_id, random.randint(1, STEERED))
    return await scene.admin.pause_and_resume(job_id, random.uniform(0, 0.1))


async def posted_at_once(scene: Scene, random: Random, scale: int) -> None:
    """200 posts with 20 keys make 20 jobs."""
    await scene.start()
    for _ in range(scale):
        ids = await scene.add_tickets(KEYS * 10)
        requests = [(uuid4().hex, ids[start : start + 10]) for start in range(0, len(ids), 10)] * (POSTS // KEYS)
        random.shuffle(requests)
        posts = await asyncio.gather(*(_post(scene, *request) for request in requests))
        jobs = {post.job_id for post in posts}
        if len(jobs) != KEYS:
            scene.record.broken.append(f"{POSTS} posts with {KEYS} keys made {len(jobs)} jobs")
        scene.record.hits += _met_at_a_key(posts)


class Post(NamedTuple):
    key: str
    job_id: UUID
    sent: float
    answered: float


async def _post(scene: Scene, key: str, ids: list[UUID]) -> Post:
    body = {"type": "bulk-delete", "payload": {"ticketIds": [str(ticket_id) for ticket_id in ids]}}
    sent = time.monotonic()
    job = await scene.admin.insist("/api/jobs", body, key)
    return Post(key, scene.record.accept(job, Asked(ids)), sent, time.monotonic())


def _met_at_a_key(posts: Sequence[Post]) -> int:
    """Count the posts that were under way when none with their key had been answered yet, but for one a key."""
    first_answers: dict[str, float] = {}
    for post in posts:
        first_answers[post.key] = min(post.answered, first_answers.get(post.key, post.answered))
    return sum(post.sent < first_answers[post.key] for post in posts) - len(first_answers)


async def edited_meanwhile(scene: Scene, random: Random, scale: int) -> None:
    """People make 300 edits of tickets that a bulk update is changing, often of the same ones.

    All are made at once, but in the short form, which other tests share the cores with: there sixty people make five.
    """
    await scene.start(workers=2)
    ids = await scene.add_tickets(5_000 * scale)
    job_id = await scene.admin.post("bulk-update", ids, {"addTags": ["raced"]})
    await scene.jobs.reaches(job_id, 1)
    edited = random.sample(ids, 60)
    at_once = 60 if scale == 1 else EDITS
    people = [random.choices(edited, k=EDITS // at_once) for _ in range(at_once)]
    await asyncio.gather(*(_edit(scene, ticket_ids) for ticket_ids in people))
    await scene.jobs.through(job_id)
    [[ended_at]] = await scene.jobs.rows("select finished_at from jobs where id = :id", id=job_id)
    scene.record.hits += sum(edit.at < ended_at for edit in scene.record.edits)


async def _edit(scene: Scene, ticket_ids: Sequence[UUID]) -> None:
    """Give one ticket after another a new title."""
    for ticket_id in ticket_ids:
        await retitle(scene, ticket_id)


async def retitle(scene: Scene, ticket_id: UUID) -> None:
    title = f"Edited {uuid4()}"
    answer = await scene.admin.ask("PATCH", f"/api/tickets/{ticket_id}", json={"title": title})
    if answer is None or answer.is_server_error:
        scene.record.tried.append(Tried(ticket_id, title))
    elif answer.is_success:
        at = datetime.fromisoformat(answer.json()["updatedAt"])
        scene.record.edits.append(Edit(ticket_id, at, title))


async def _twice(step: Callable[[UUID], Awaitable[T]], job_id: UUID) -> tuple[T, T]:
    return await asyncio.gather(step(job_id), step(job_id))


async def _meet(scene: Scene, jobs: Sequence[UUID]) -> None:
    """Let two jobs end, and count a hit if they were at work at the same time."""
    await asyncio.gather(*map(scene.jobs.through, jobs))
    [[last_start, first_end]] = await scene.jobs.rows(
        "select max(started_at), min(finished_at) from jobs where id = any(:jobs)", jobs=jobs
    )
    scene.record.hits += last_start < first_end
