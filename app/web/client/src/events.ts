import type { Schemas } from "./schemas.ts";

type Job = Schemas["JobResponse"];

/** What the socket says of a job: where it stands, in absolute figures. */
export type JobEvent = Pick<
  Job,
  | "parentJobId"
  | "type"
  | "status"
  | "progress"
  | "total"
  | "processed"
  | "succeeded"
  | "failed"
  | "unprocessed"
  | "seq"
  | "ratePerSecond"
  | "etaSeconds"
> & { jobId: string; at: string };

export const JOB_EVENTS = [
  "jobs:created",
  "jobs:progress",
  "jobs:paused",
  "jobs:resumed",
  "jobs:completed",
  "jobs:failed",
  "jobs:canceled",
] as const;

export type JobStatus = Job["status"];

export function isInMotion({ status }: { status: JobStatus }): boolean {
  return status === "queued" || status === "running" || status === "paused";
}

/** Whether a job waits for the time that it is to begin at. */
export function isScheduled({ status, runAt }: Pick<Job, "status" | "runAt">): boolean {
  return status === "queued" && runAt !== null && Date.parse(runAt) > Date.now();
}
