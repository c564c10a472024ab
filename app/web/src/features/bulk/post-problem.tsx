import type { Problem } from "../../../client/src/problems.ts";
import { CopyableId } from "../../ui/copyable-id";
import { count } from "../../ui/format";
import classes from "./dialog.module.css";
import type { CountChange } from "./use-post";

/** What stands beside its own field. */
const SHOWN_ELSEWHERE = new Set(["$.reason", "$.runAt", "$.maxItemsPerSecond", "$.payload.assigneeId"]);

/** Why the job was not posted, and when to try again. */
export function PostProblem({ problem }: { problem: Problem }) {
  const others = problem.errors.filter(({ path }) => !SHOWN_ELSEWHERE.has(path));
  if (problem.errors.length > 0 && others.length === 0) return null;
  return (
    <div role="alert" className={classes.alert} data-tone="bad">
      <p>{others.map(({ message }) => message).join(" · ") || problem.detail}</p>
      {problem.isPassing && <p>{againWords(problem)}</p>}
      {problem.requestId && (
        <p>
          Request <CopyableId id={problem.requestId} label="request id" />
        </p>
      )}
    </div>
  );
}

function againWords({ status, retryAfterSeconds }: Problem): string {
  if (status === 0) return "The job may have been posted or not. Try again: it is posted only once.";
  if (retryAfterSeconds === null) return "Try again in a moment: the job is posted only once.";
  return `Try again in ${retryAfterSeconds} s: the job is posted only once.`;
}

/** Other tickets match than those one was about to confirm. */
export function CountChanged({ was, now }: CountChange) {
  return (
    <div role="alert" className={classes.alert} data-tone="warn">
      <p>
        <strong>
          {count(was)} → {count(now)} tickets
        </strong>
      </p>
      <p>
        The number has changed since you looked, and nothing was done. Look again, and confirm the new one.
      </p>
    </div>
  );
}
