import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMay } from "../../api/may";
import { useLive } from "../../live/queries";
import { count, words } from "../../ui/format";
import classes from "./job.module.css";
import { summaryQuery, type Job } from "./queries";
import { isMoving } from "./states";
import { useMayRetry, useStep } from "./use-step";

/** Why items have failed, by code. */
export function Failures({ job }: { job: Job }) {
  const live = useLive(job);
  if (live.failed === 0) return null;
  return (
    <section aria-labelledby="failures" className={classes.failures}>
      <div className={classes.sectionHead}>
        <h2 id="failures">Why {count(live.failed)} failed</h2>
        <RetryButton job={job} />
      </div>
      <Codes jobId={job.id} isMoving={isMoving(live)} />
    </section>
  );
}

function RetryButton({ job }: { job: Job }) {
  const step = useStep(job.id);
  const isRetryable = useMayRetry(job);
  const maySteer = useMay("jobs.steer");
  if (!maySteer || !isRetryable || job.retriedBy !== null) return null;
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      loading={step.isPending}
      onClick={() => {
        step.take("retry");
      }}
    >
      Retry those that may work now
    </Button>
  );
}

function Codes({ jobId, isMoving }: { jobId: string; isMoving: boolean }) {
  const { data: summary } = useQuery(summaryQuery(jobId, isMoving));
  const failed = summary?.codes.filter(({ result }) => result === "failed") ?? [];
  return (
    <table className={classes.codes}>
      <caption className="visually-hidden">Failures by code</caption>
      <tbody>
        {failed.map(({ code, message, count: number }) => (
          <tr key={code}>
            <td>{count(number)}</td>
            <th scope="row">
              <code>{code}</code>
            </th>
            <td>{message}</td>
            <td>
              {code && (
                <Link
                  to="/jobs/$jobId"
                  params={{ jobId }}
                  search={{ result: "failed", code }}
                  resetScroll={false}
                  hash="items"
                  aria-label={`Show ${words(code)}`}
                >
                  show
                </Link>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
