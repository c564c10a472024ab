import { oneOf, pageOf, textOf, type RawSearch } from "../../search";
import type { JobStatus } from "../../live/events";

export const STATUSES: readonly JobStatus[] = [
  "queued",
  "running",
  "paused",
  "completed",
  "failed",
  "canceled",
];

export type JobSearch = { status?: JobStatus; type?: string; page?: number };

export function jobSearch(raw: RawSearch): JobSearch {
  return { status: oneOf(STATUSES, raw.status), type: textOf(raw.type), page: pageOf(raw.page) };
}
