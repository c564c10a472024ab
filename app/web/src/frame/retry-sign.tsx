import { useIsFetching, useQueryClient, type Query } from "@tanstack/react-query";
import { Problem } from "../../client/src/problems.ts";
import classes from "./frame.module.css";

/** Says that a read has not worked yet, and that it is tried again. */
export function RetrySign() {
  const queries = useQueryClient().getQueryCache();
  const failing = useIsFetching({ predicate: isFailing });
  const reason = failing > 0 ? queries.findAll({ predicate: isFailing })[0]?.state.fetchFailureReason : null;
  return (
    <div role="status">
      {reason instanceof Problem && <p className={classes.retry}>{`${reason.detail} ${again(reason)}`}</p>}
    </div>
  );
}

function isFailing({ state }: Query): boolean {
  return state.fetchStatus === "fetching" && state.fetchFailureCount > 0;
}

function again({ retryAfterSeconds }: Problem): string {
  return retryAfterSeconds === null ? "Trying again…" : `Trying again in ${retryAfterSeconds} s…`;
}
