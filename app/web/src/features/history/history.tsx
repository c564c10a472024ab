import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMay } from "../../api/may";
import { ErrorState } from "../../ui/error-state";
import { RelativeTime } from "../../ui/relative-time";
import { SkeletonRows } from "../../ui/skeleton";
import { useNames } from "../users/queries";
import classes from "./history.module.css";
import { historyQuery, type Change } from "./queries";
import { sentenceOf } from "./sentences";

/** Who changed what of a ticket, when, and through which job. */
export default function History({ ticketId }: { ticketId: string }) {
  const query = useInfiniteQuery(historyQuery(ticketId));
  return (
    <section aria-label="History" className={classes.history}>
      {query.isError && <ErrorState problem={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <SkeletonRows rows={3} />}
      {query.data?.length === 0 && <p className={classes.quiet}>Nothing has been changed yet.</p>}
      <ol>
        {query.data?.map((change, index) => (
          <Row key={`${change.at} ${change.field} ${index}`} change={change} />
        ))}
      </ol>
      {query.hasNextPage && (
        <Button
          variant="default"
          size="compact-md"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          Show older ones
        </Button>
      )}
    </section>
  );
}

function Row({ change }: { change: Change }) {
  const names = useNames();
  return (
    <li>
      <strong>{change.actor?.username ?? "Nobody"}</strong> {sentenceOf(change, names)}{" "}
      <Through change={change} />
      <span className={classes.quiet}>
        <RelativeTime at={change.at} /> ago
      </span>
      {change.reason && <q>{change.reason}</q>}
    </li>
  );
}

function Through({ change: { jobId } }: { change: Change }) {
  const maySee = useMay("jobs.see");
  if (jobId === null || !maySee) return null;
  return (
    <>
      with{" "}
      <Link to="/jobs/$jobId" params={{ jobId }}>
        a bulk job
      </Link>{" "}
    </>
  );
}
