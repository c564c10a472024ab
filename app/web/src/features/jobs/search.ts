import { pageOf, someOf, textOf, type RawSearch } from "../../search";
import type { JobStatus } from "../../../client/src/events.ts";

export type Tab = "motion" | "ended" | "scheduled";

/** The states that each tab has. */
export const STATUSES = {
  motion: ["queued", "running", "paused"],
  ended: ["completed", "failed", "canceled"],
  scheduled: ["queued"],
} as const satisfies Record<Tab, readonly JobStatus[]>;

/** What the address of the list says; without a tab it is what is in motion. */
export type JobSearch = {
  tab?: "ended" | "scheduled";
  status?: JobStatus[];
  type?: string;
  requestedBy?: string;
  page?: number;
};

export function jobSearch(raw: RawSearch): JobSearch {
  const tab = someOf(["ended", "scheduled"] as const, raw.tab)?.[0];
  return {
    tab,
    status: someOf<JobStatus>(STATUSES[tab ?? "motion"], raw.status),
    type: textOf(raw.type),
    requestedBy: textOf(raw.requestedBy),
    page: pageOf(raw.page),
  };
}

/** Return the parameters of GET /api/jobs for what the address says. */
export function listOf({ tab, status, ...others }: JobSearch) {
  const scheduled = tab === "ended" ? undefined : tab === "scheduled";
  return { ...others, status: status ?? [...STATUSES[tab ?? "motion"]], scheduled };
}
