import type { Schemas } from "../../api/client";
import { hasEnded } from "./states";
import type { Job, Summary } from "./queries";

export type Step = "pause" | "resume" | "cancel" | "retry" | "undo";
type JobType = Schemas["JobTypeResponse"];

/** Return what can be done with a job, the step that is most likely wanted first. */
export function stepsOf(job: Pick<Job, "status" | "undoable" | "retriedBy">, retryable: number): Step[] {
  if (hasEnded(job)) {
    const steps: Step[] = [];
    if (retryable > 0 && job.retriedBy === null) steps.push("retry");
    if (job.undoable) steps.push("undo");
    return steps;
  }
  if (job.status === "paused") return ["resume", "cancel"];
  return job.status === "running" ? ["pause", "cancel"] : ["cancel"];
}

/** Return how many items a retry would take on: those left, and those that failed in a way that may pass. */
export function retryableOf(
  { codes, unprocessed }: Summary,
  types: readonly JobType[],
  type: string,
): number {
  const known = types.find((one) => one.type === type)?.codes;
  const mayPass = (code: string | null) =>
    known ? known.some((one) => one.code === code && one.retryable) : code === "error"; // as with every type
  const failed = codes.filter(({ result, code }) => result === "failed" && mayPass(code));
  return failed.reduce((sum, { count }) => sum + count, unprocessed);
}
