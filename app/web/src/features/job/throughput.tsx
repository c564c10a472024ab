import { lazy, Suspense, useState } from "react";
import { useLive } from "../../live/queries";
import classes from "./job.module.css";
import type { Job } from "./queries";

const Chart = lazy(() => import("./chart"));

/** How fast the job goes, for as long as one looks on. */
export function Throughput({ job }: { job: Job }) {
  const { status } = useLive(job);
  const [hasRun, setHasRun] = useState(false);
  if (status === "running" && !hasRun) setHasRun(true);
  if (!hasRun) return null;
  return (
    <section aria-labelledby="throughput" className={classes.throughput}>
      <h2 id="throughput">Throughput</h2>
      <div className={classes.chart}>
        <Suspense>
          <Chart job={job} />
        </Suspense>
      </div>
    </section>
  );
}
