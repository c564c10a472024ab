import { pageOf, someOf, textOf, truthOf, type RawSearch } from "../../search";
import type { JobStatus } from "../../live/events";

export const STATUSES: readonly JobStatus[] = [
  "queued",
  "running",
  "paused",
  "completed",
  "failed",
  "canceled",
];

/** What the address of the list says: the parameters of GET /api/jobs, by their names. */
export type JobSearch = {
  status?: JobStatus[];
  type?: string;
  requestedBy?: string;
  scheduled?: boolean;
  page?: number;
};

export function jobSearch(raw: RawSearch): JobSearch {
  return {
    status: someOf(STATUSES, raw.status),
    type: textOf(raw.type),
    requestedBy: textOf(raw.requestedBy),
    scheduled: truthOf(raw.scheduled),
    page: pageOf(raw.page),
  };
}
