import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorState } from "./error-state";
import classes from "./ui.module.css";

type Props<T> = { query: UseQueryResult<T>; skeleton: ReactNode; children: (data: T) => ReactNode };

/** Shows what a query has, and else what keeps it: loading, an error, or an older answer that is being replaced. */
export function Loaded<T>({ query, skeleton, children }: Props<T>) {
  if (query.data === undefined) {
    return query.isError ? (
      <ErrorState problem={query.error} onRetry={() => void query.refetch()} />
    ) : (
      skeleton
    );
  }
  return (
    <div className={classes.loaded} data-stale={query.isPlaceholderData || undefined}>
      {query.isError && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {children(query.data)}
    </div>
  );
}
