import { lazy, Suspense } from "react";
import classes from "./job.module.css";
import type { Job } from "./queries";

const Chart = lazy(() => import("./chart"));

/** How fast the job goes, for as long as one looks on. */
export function Throughput({ job }: { job: Job }) {
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
