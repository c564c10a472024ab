import type { ErrorComponentProps } from "@tanstack/react-router";
import { Problem } from "../../client/src/problems.ts";
import { ErrorState } from "../ui/error-state";
import { Page } from "./page";

/** What is shown for a screen that could not be drawn or fetched, such as after a new version was put in place. */
export function BrokenPage({ error }: ErrorComponentProps) {
  return (
    <Page title="Something is broken">
      <Broken error={error} />
    </Page>
  );
}

/** The same when not even the frame could be drawn: needs nothing that may be what is broken. */
export function BrokenFrame({ error }: ErrorComponentProps) {
  return (
    <main>
      <title>Something is broken · Bulkhead</title>
      <h1 className="visually-hidden">Bulkhead</h1>
      <Broken error={error} />
    </main>
  );
}

function Broken({ error }: { error: unknown }) {
  const problem =
    error instanceof Problem
      ? error
      : new Problem(
          0,
          "broken",
          "This screen could not be shown. It may be there when the page is loaded anew.",
        );
  return (
    <ErrorState
      problem={problem}
      onRetry={() => {
        location.reload();
      }}
    />
  );
}
