import type { Schemas } from "../api/client";
import { isInMotion, isScheduled, type JobEvent } from "../../client/src/events.ts";
import { isNews } from "../../client/src/latest.ts";

type Job = Schemas["JobResponse"];

/** The last event of each job, by its id. */
export type Latest = Readonly<Record<string, JobEvent>>;

const MAX_KEPT = 500; // events of ended jobs that are further back are in what the API answers, too

/** Add events to the last ones; of two of one job the one with the higher `seq` stays, whichever came first. */
export function withEvents(latest: Latest, events: readonly JobEvent[]): Latest {
  const next: Record<string, JobEvent> = { ...latest };
  let hasChanged = false;
  for (const event of events) {
    const known = next[event.jobId];
    if (!isNews(event, known)) continue;
    next[event.jobId] = event;
    hasChanged = true;
  }
  return hasChanged ? pruned(next) : latest;
}

/** Return a job as the API told it, with the figures of its last event if that is newer. */
export function newest<J extends Omit<JobEvent, "jobId" | "at"> & { updatedAt: string }>(
  job: J,
  event: JobEvent | undefined,
): J {
  if (!event || event.seq <= job.seq) return job;
  const { jobId, at, ...figures } = event;
  return { ...job, ...figures, updatedAt: at };
}

/** Return the events of jobs that were new, or had another status before. */
export function changesOfStatus(before: Latest, after: Latest): JobEvent[] {
  return Object.values(after).filter((event) => before[event.jobId]?.status !== event.status);
}

/** Return the jobs in motion, newest first. Of a queued job that no answer has told of yet, nobody knows whether it waits for its time. */
export function inMotion(recent: readonly Job[], latest: Latest): JobEvent[] {
  const known = new Map(Object.values(latest).map((event) => [event.jobId, event]));
  for (const [id, { status }] of known) if (status === "queued") known.delete(id);
  for (const job of recent) known.set(job.id, { ...job, jobId: job.id, at: job.updatedAt });
  for (const job of recent) if (isScheduled(job)) known.delete(job.id);
  return [...known.values()].filter(isInMotion).sort((a, b) => (a.jobId < b.jobId ? 1 : -1));
}

function pruned(latest: Record<string, JobEvent>): Latest {
  const events = Object.values(latest);
  if (events.length <= MAX_KEPT) return latest;
  const newestFirst = events.sort((a, b) => (a.jobId < b.jobId ? 1 : -1));
  const kept = newestFirst.filter((event, index) => isInMotion(event) || index < MAX_KEPT);
  return Object.fromEntries(kept.map((event) => [event.jobId, event]));
}
