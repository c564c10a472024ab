import { isInMotion, isScheduled } from "../../../client/src/events.ts";
import type { Job } from "./queries";

/** Whether its items are being worked on, or are about to be. */
export function isMoving({ status }: Pick<Job, "status">): boolean {
  return status === "queued" || status === "running";
}

export function hasEnded(job: Pick<Job, "status">): boolean {
  return !isInMotion(job);
}

/** "Scheduled" is no state of its own to the API, but it is to people. */
export function stateOf(job: Pick<Job, "status" | "runAt">): string {
  return isScheduled(job) ? "scheduled" : job.status;
}
