import { Button } from "@mantine/core";
import type { Problem } from "../../client/src/problems.ts";
import { CopyableId } from "./copyable-id";
import classes from "./ui.module.css";

/** What went wrong, in the server's words, and what to quote when one asks for help. */
export function ErrorState({ problem, onRetry }: { problem: Problem; onRetry?: () => void }) {
  return (
    <div className={classes.state} role="alert">
      <h2>{titleOf(problem)}</h2>
      <p>{problem.detail}</p>
      {problem.requestId && (
        <p className={classes.quiet}>
          Request <CopyableId id={problem.requestId} label="request id" />
        </p>
      )}
      {onRetry && (
        <Button variant="default" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

function titleOf({ status }: Problem): string {
  switch (status) {
    case 403:
      return "Not for your role";
    case 404:
      return "Not there";
    default:
      return "That did not work";
  }
}
