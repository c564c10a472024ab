import type { ErrorComponentProps } from "@tanstack/react-router";
import { Problem } from "../api/problems";
import { ErrorState } from "../ui/error-state";

/** What is shown for a screen that could not be drawn or fetched, such as after a new version was put in place. */
export function BrokenPage({ error }: ErrorComponentProps) {
  const problem =
    error instanceof Problem
      ? error
      : new Problem(0, "broken", "This screen could not be shown. Load it anew.");
  return (
    <ErrorState
      problem={problem}
      onRetry={() => {
        location.reload();
      }}
    />
  );
}
