import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Page } from "../../frame/page";
import { Tab } from "../../frame/tab-title";
import { useLive } from "../../live/queries";
import { count } from "../../ui/format";
import { Loaded } from "../../ui/loaded";
import { titleOf, verbOf } from "../jobs/sentences";
import { Failures } from "./failures";
import { Head } from "./head";
import { Items } from "./items";
import classes from "./job.module.css";
import { Progress } from "./progress";
import { jobQuery, type Job } from "./queries";
import { JobSkeleton } from "./skeleton";
import { Throughput } from "./throughput";

const route = getRouteApi("/jobs/$jobId");

export function JobPage() {
  const { jobId } = route.useParams();
  const query = useQuery(jobQuery(jobId));
  const job = query.data;
  return (
    <Page title={job ? titleOf(job) : "Job"} {...(job && { tab: <JobTab job={job} /> })}>
      <Loaded query={query} skeleton={<JobSkeleton />}>
        {(shown) => <JobScreen key={jobId} job={shown} />}
      </Loaded>
    </Page>
  );
}

/** Each part follows the job by itself, so that an event renders figures, and neither buttons nor rows. */
function JobScreen({ job }: { job: Job }) {
  return (
    <article className={classes.job}>
      <Head job={job} />
      <Progress job={job} />
      <Throughput job={job} />
      <Failures job={job} />
      <Items job={job} />
    </article>
  );
}

function JobTab({ job }: { job: Job }) {
  const { type, total, status, progress } = useLive(job);
  const title = [verbOf(type), total !== null && count(total)].filter(Boolean).join(" ");
  return <Tab title={title} progress={status === "running" ? progress : null} />;
}
