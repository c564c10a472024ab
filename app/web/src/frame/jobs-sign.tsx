import type { JobEvent } from "../../client/src/events.ts";
import { useJobsInMotion } from "../live/queries";
import { count } from "../ui/format";
import classes from "./frame.module.css";

/** How many jobs are in motion, over a thin bar of their joint progress. */
export function JobsSign() {
  const jobs = useJobsInMotion();
  if (jobs.length === 0) return null;
  return (
    <>
      <span className={classes.badge}>
        {count(jobs.length)}
        <span className="visually-hidden"> in motion</span>
      </span>
      <span className={classes.jointBar} aria-hidden>
        <span style={{ transform: `scaleX(${jointProgress(jobs)})` }} />
      </span>
    </>
  );
}

function jointProgress(jobs: readonly JobEvent[]): number {
  const total = jobs.reduce((sum, job) => sum + (job.total ?? 0), 0);
  const processed = jobs.reduce((sum, job) => sum + job.processed, 0);
  return total > 0 ? processed / total : 0;
}
