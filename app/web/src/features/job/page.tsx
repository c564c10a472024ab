import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Page } from "../../frame/page";
import { Tab } from "../../frame/tab-title";
import { useLive } from "../../live/queries";
import { count } from "../../ui/format";
import { Loaded } from "../../ui/loaded";
import { titleOf, verbOf } from "../jobs/sentences";
import { useParentType } from "../jobs/use-parent-type";
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
  const screen = (
    <Loaded query={query} skeleton={<JobSkeleton />}>
      {(job) => <JobScreen key={jobId} job={job} />}
    </Loaded>
  );
  return query.data ? <TitledPage job={query.data}>{screen}</TitledPage> : <Page title="Job">{screen}</Page>;
}

/** The title has a number once the tickets are counted. What is below it does not render with it. */
function TitledPage({ job, children }: { job: Job; children: ReactNode }) {
  const { type, total, status, progress } = useLive(job);
  const parentType = useParentType(job);
  const short = [verbOf(type), total !== null && count(total)].filter(Boolean).join(" ");
  return (
    <Page
      title={titleOf({ type, total }, parentType)}
      tab={<Tab title={short} progress={status === "running" ? progress : null} />}
    >
      {children}
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
