import type { Schemas } from "../../api/client";
import { hasEnded } from "./states";
import type { Job, Summary } from "./queries";

export type Step = "pause" | "resume" | "cancel" | "retry" | "undo";
type JobType = Schemas["JobTypeResponse"];

/** Return what can be done with a job, the step that is most likely wanted first. */
export function stepsOf(job: Pick<Job, "status" | "undoable" | "retriedBy">, isRetryable: boolean): Step[] {
  if (hasEnded(job)) {
    const steps: Step[] = [];
    if (isRetryable && job.retriedBy === null) steps.push("retry");
    if (job.undoable) steps.push("undo");
    return steps;
  }
  if (job.status === "paused") return ["resume", "cancel"];
  return job.status === "running" ? ["pause", "cancel"] : ["cancel"];
}

const UNDO = "bulk-undo"; // a type that nobody posts, and so none of those that are listed

/** Tell whether a retry would take anything on: what is left, or what failed in a way that may pass. */
export function mayRetry(
  { codes, total, unprocessed }: Summary,
  types: readonly JobType[],
  type: string,
): boolean {
  const known = types.find((one) => one.type === type)?.codes;
  if (!known && type !== UNDO) return false; // no worker knows such jobs any more
  const mayPass = (code: string | null) =>
    known ? known.some((one) => one.code === code && one.retryable) : code === "error"; // as with every type
  const isLeft = total === null || unprocessed > 0; // what was never counted is left, all of it
  return isLeft || codes.some(({ result, code }) => result === "failed" && mayPass(code));
}
