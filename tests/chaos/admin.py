"""The admin whom the scenarios act for: posts jobs and steers them, however often the API is away."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import httpx

from tests.chaos.jobs import Jobs
from tests.chaos.record import Asked, Record
from tests.support.http import http_client

ANSWER_SECONDS = 10  # no answer may take longer, whatever is away
RETRY_SECONDS = 0.1


class Admin:
    """Notes what is accepted, and what must never be answered."""

    def __init__(self, url: str, token: str, jobs: Jobs, record: Record, patience_seconds: float) -> None:
        self._http = http_client(
            url,
            timeout=ANSWER_SECONDS,
            limits=httpx.Limits(max_connections=None),  # nobody waits on our side
            headers={"Authorization": f"Bearer {token}"},
        )
        self._jobs = jobs
        self._record = record
        self._patience_seconds = patience_seconds

    async def close(self) -> None:
        await self._http.aclose()

    async def post(self, type_: str, ids: Sequence[UUID], payload: dict[str, object] | None = None, **how: Any) -> UUID:
        """Post a job until it is accepted; `how` is what stands beside the payload, such as a priority."""
        payload = {"ticketIds": [str(ticket_id) for ticket_id in ids], **(payload or {})}
        job = await self.insist("/api/jobs", {"type": type_, "payload": payload, **how})
        return self._record.accept(job, Asked(ids, how.get("priority", "normal"), how.get("maxItemsPerSecond")))

    async def cancel(self, job_id: UUID) -> bool:
        """Cancel a job; whether it had not ended. What is answered is what must stay."""
        job = await self.steer(job_id, "cancel")
        if job["status"] != "canceled":
            return False
        self._record.stopped_at[job_id] = job["processed"]
        return True

    async def pause_and_resume(self, job_id: UUID, seconds: float) -> bool:
        """Pause a job and see that it stands still all the while; whether it was running."""
        job = await self.steer(job_id, "pause")
        if job["status"] != "paused":
            return False
        await asyncio.sleep(seconds)
        now = await self._jobs.items_of(job_id)
        if now != job["processed"]:
            self._record.broken.append(f"job {job_id} went on to {now} while it was paused at {job['processed']}")
        await self.steer(job_id, "resume")
        return True

    async def retry(self, job_id: UUID) -> UUID:
        left = await self._jobs.unprocessed_by(job_id)
        asked = self._record.jobs[job_id]._replace(targets=left)
        return self._record.accept(await self.steer(job_id, "retry"), asked)

    async def undo(self, job_id: UUID) -> UUID:
        changed = await self._jobs.changed_by(job_id)
        asked = self._record.jobs[job_id]._replace(targets=changed)
        return self._record.accept(await self.steer(job_id, "undo"), asked)

    async def steer(self, job_id: UUID, how: str) -> dict[str, Any]:
        """Cancel, pause, resume, retry or undo; return the job that came of it, or the job as it is where it may not.

        A client whose answer got lost asks again, and learns from the 409 that it had been heard.
        """
        answer = await self._insist("POST", f"/api/jobs/{job_id}/{how}")
        if answer.status_code == httpx.codes.CONFLICT:
            answer = await self._insist("GET", f"/api/jobs/{answer.json().get('jobId', job_id)}")
        job: dict[str, Any] = answer.json()
        return job

    async def insist(self, path: str, body: dict[str, Any], key: str | None = None) -> dict[str, Any]:
        """POST until it is taken, with one idempotency key; until then 503 may be answered, or nothing at all."""
        answer = await self._insist("POST", path, json=body, headers={"Idempotency-Key": key or uuid4().hex})
        if not answer.is_success:
            raise AssertionError(f"POST {path} was answered with {answer.status_code}: {answer.text}")
        taken: dict[str, Any] = answer.json()
        return taken

    async def _insist(self, method: str, path: str, **options: Any) -> httpx.Response:
        deadline = time.monotonic() + self._patience_seconds
        while time.monotonic() < deadline:
            answer = await self.ask(method, path, **options)
            if answer is not None and answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                return answer
            await asyncio.sleep(RETRY_SECONDS)
        raise TimeoutError(f"{method} {path} was not answered within {self._patience_seconds} s")

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response | None:
        """Ask once; None when nobody answered. Note what must never be: an answer that hangs, another 5xx than 503."""
        try:
            answer = await self._http.request(method, path, **options)
        except httpx.TimeoutException:
            self._record.broken.append(f"{method} {path} took longer than {ANSWER_SECONDS} s")
            return None
        except httpx.TransportError:
            return None
        is_problem = answer.headers["Content-Type"] == "application/problem+json" and "Retry-After" in answer.headers
        if answer.is_server_error and not (answer.status_code == httpx.codes.SERVICE_UNAVAILABLE and is_problem):
            self._record.broken.append(f"{method} {path} was answered with {answer.status_code}: {answer.text}")
        return answer
