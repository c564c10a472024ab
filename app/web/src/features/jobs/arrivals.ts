import { isScheduled } from "../../../client/src/events.ts";
import type { Job, JobPage } from "./queries";
import { listOf, type JobSearch } from "./search";

/** Return the jobs that have come into the first page of a list since it was fetched: rows never move by themselves. */
export function arrivals(recent: readonly Job[], { jobs, pagination }: JobPage, search: JobSearch): Job[] {
  const shown = new Set(jobs.map(({ id }) => id));
  const lastId = jobs.length < pagination.limit ? "" : (jobs.at(-1)?.id ?? "");
  return recent.filter((job) => !shown.has(job.id) && job.id > lastId && belongs(job, search));
}

function belongs(job: Job, search: JobSearch): boolean {
  const { status, scheduled, type = job.type, requestedBy = job.requestedBy } = listOf(search);
  return (
    status.includes(job.status) &&
    (scheduled === undefined || scheduled === isScheduled(job)) &&
    type === job.type &&
    requestedBy === job.requestedBy
  );
}
